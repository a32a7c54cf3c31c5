package io.eckermann.statemachine.schema;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Operation.DeleteSchema;
import io.eckermann.statemachine.command.Operation.PutSchema;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.SchemaTypeRow;
import io.eckermann.statemachine.store.v1.SchemaVersion;
import java.util.Collection;
import java.util.List;

/** What commands do to schemas. Apply thread. */
public final class Schemas {
    private Schemas() {}

    /**
     * Adds a version, unless the newest says the same: so a registration may be repeated.
     *
     * @param createdNs the leader's time
     */
    public static Result put(StoreBatch batch, PutSchema put, long createdNs) {
        SchemaTypeRow known = SchemaTable.type(batch, put.topicId(), put.type());
        int count = known.getVersionsCount();
        if (count > 0 && isSame(batch, put, known.getVersions(count - 1))) {
            SchemaVersion newest = known.getVersions(count - 1);
            return new Result.SchemaPut(newest.getVersion(), false, newest.getCreatedNs());
        }
        if (isFull(batch, put.topicId(), known)) {
            return Result.Refused.of(new StoreException(
                            ErrorCode.TOO_MANY_SCHEMAS,
                            "The topic has as many schemas as it may: delete versions that nobody needs.")
                    .with("max", Limits.TOPIC_SCHEMAS_MAX));
        }
        SchemaVersion version = SchemaVersion.newBuilder()
                .setVersion(known.getLast() + 1)
                .setFormat(put.format())
                .setMessage(put.message())
                .setSizeBytes(put.content().size())
                .setCreatedNs(createdNs)
                .build();
        SchemaTable.put(
                batch,
                put.topicId(),
                put.type(),
                known.toBuilder()
                        .setLast(version.getVersion())
                        .addVersions(version)
                        .build());
        SchemaTable.putContent(batch, put.topicId(), put.type(), version.getVersion(), put.content());
        return new Result.SchemaPut(version.getVersion(), true, createdNs);
    }

    private static boolean isSame(StoreBatch batch, PutSchema put, SchemaVersion newest) {
        return newest.getFormat() == put.format()
                && newest.getMessage().equals(put.message())
                && newest.getSizeBytes() == put.content().size()
                && SchemaTable.content(batch, put.topicId(), put.type(), newest.getVersion())
                        .equals(put.content());
    }

    /** Types whose versions are all deleted count, too, as they take a row. */
    private static boolean isFull(RowReader rows, long topicId, SchemaTypeRow known) {
        Collection<SchemaTypeRow> types = SchemaTable.types(rows, topicId).values();
        int versions = types.stream().mapToInt(SchemaTypeRow::getVersionsCount).sum();
        int room = Limits.TOPIC_SCHEMAS_MAX - (known.getLast() == 0 ? 1 : 0);
        return versions >= Limits.TOPIC_SCHEMAS_MAX || types.size() > room;
    }

    /** Deletes one version, or all of a type. */
    public static Result delete(StoreBatch batch, DeleteSchema delete) {
        SchemaTypeRow known = SchemaTable.type(batch, delete.topicId(), delete.type());
        List<SchemaVersion> gone = known.getVersionsList().stream()
                .filter(version -> delete.version() == 0 || version.getVersion() == delete.version())
                .toList();
        if (gone.isEmpty()) {
            return Result.Refused.of(notFound(delete.type(), delete.version()));
        }
        SchemaTypeRow.Builder left = known.toBuilder().clearVersions();
        for (SchemaVersion version : known.getVersionsList()) {
            if (gone.contains(version)) {
                SchemaTable.deleteContent(batch, delete.topicId(), delete.type(), version.getVersion());
            } else {
                left.addVersions(version);
            }
        }
        SchemaTable.put(batch, delete.topicId(), delete.type(), left.build());
        return new Result.Done();
    }

    /** What is answered for a schema that is not there. */
    public static StoreException notFound(String type, int version) {
        StoreException error = new StoreException(
                        ErrorCode.SCHEMA_NOT_FOUND,
                        "The event type has no such schema in this topic: register it first.")
                .with("event_type", type);
        return version == 0 ? error : error.with("schema_version", version);
    }
}
