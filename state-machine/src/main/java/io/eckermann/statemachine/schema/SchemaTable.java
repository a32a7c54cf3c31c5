package io.eckermann.statemachine.schema;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.SchemaState;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.SchemaTypeRow;
import io.eckermann.statemachine.store.v1.SchemaVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The versions of each event type's schema, and apart from them their contents, which are large and seldom read. */
public final class SchemaTable {
    private static final byte[] TYPE = {0};
    private static final byte[] CONTENT = {1};
    private static final int TYPE_AT = Long.BYTES + TYPE.length;

    private SchemaTable() {}

    /**
     * One version with its content.
     *
     * @param version 0 for the newest
     */
    public static Optional<SchemaState> find(RowReader rows, long topicId, String type, int version) {
        return type(rows, topicId, type).getVersionsList().stream()
                .filter(known -> version == 0 || known.getVersion() == version)
                .reduce((before, last) -> last)
                .map(known -> state(type, known, content(rows, topicId, type, known.getVersion())));
    }

    /** The newest version; 0 when there is none. */
    public static int newest(RowReader rows, long topicId, String type) {
        SchemaTypeRow row = type(rows, topicId, type);
        return row.getVersionsCount() == 0
                ? 0
                : row.getVersions(row.getVersionsCount() - 1).getVersion();
    }

    /** Schemas without their contents: all of a type, or, without one, the newest of each. */
    public static List<SchemaState> list(RowReader rows, long topicId, String type) {
        List<SchemaState> found = new ArrayList<>();
        if (type.isEmpty()) {
            types(rows, topicId).forEach((name, row) -> {
                if (row.getVersionsCount() > 0) {
                    found.add(state(name, row.getVersions(row.getVersionsCount() - 1), ByteString.EMPTY));
                }
            });
        } else {
            type(rows, topicId, type)
                    .getVersionsList()
                    .forEach(version -> found.add(state(type, version, ByteString.EMPTY)));
        }
        return found;
    }

    /** What is known of each type, in their order. */
    static SortedMap<String, SchemaTypeRow> types(RowReader rows, long topicId) {
        SortedMap<String, SchemaTypeRow> types = new TreeMap<>();
        if (topicId > 0) {
            rows.ascend(
                    Family.SCHEMAS,
                    Key.of(topicId).then(TYPE).bytes(),
                    Key.of(topicId).then(CONTENT).bytes(),
                    (key, value) -> {
                        types.put(Key.nameAt(key, TYPE_AT), RowParser.parse(SchemaTypeRow.parser(), value));
                        return true;
                    });
        }
        return types;
    }

    /** What is known of a type; an empty row when nothing is. */
    static SchemaTypeRow type(RowReader rows, long topicId, String type) {
        byte[] value = topicId < 1 ? null : rows.find(Family.SCHEMAS, typeKey(topicId, type));
        return value == null ? SchemaTypeRow.getDefaultInstance() : RowParser.parse(SchemaTypeRow.parser(), value);
    }

    static ByteString content(RowReader rows, long topicId, String type, int version) {
        byte[] content = rows.find(Family.SCHEMAS, contentKey(topicId, type, version));
        if (content == null) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "A schema has no content on this node: let it be rebuilt.")
                    .with("topic_id", topicId)
                    .with("event_type", type)
                    .with("schema_version", version);
        }
        return UnsafeByteOperations.unsafeWrap(content);
    }

    static void put(StoreBatch batch, long topicId, String type, SchemaTypeRow row) {
        batch.put(Family.SCHEMAS, typeKey(topicId, type), row.toByteArray());
    }

    static void putContent(StoreBatch batch, long topicId, String type, int version, ByteString content) {
        batch.put(Family.SCHEMAS, contentKey(topicId, type, version), content.toByteArray());
    }

    static void deleteContent(StoreBatch batch, long topicId, String type, int version) {
        batch.delete(Family.SCHEMAS, contentKey(topicId, type, version));
    }

    private static SchemaState state(String type, SchemaVersion version, ByteString content) {
        return new SchemaState(
                type,
                version.getVersion(),
                version.getFormat(),
                version.getMessage(),
                content,
                version.getSizeBytes(),
                version.getCreatedNs());
    }

    private static byte[] typeKey(long topicId, String type) {
        return Key.of(topicId).then(TYPE).then(type).bytes();
    }

    private static byte[] contentKey(long topicId, String type, int version) {
        return Key.of(topicId).then(CONTENT).then(type).end().then(version).bytes();
    }
}
