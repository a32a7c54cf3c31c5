package io.eckermann.statemachine;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.chunk.BodyLog;
import io.eckermann.statemachine.chunk.BodyOffsets;
import io.eckermann.statemachine.chunk.ChunkAddress;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Step;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The entries of a log that is not there: bodies in memory, and a file of them for what is to be kept. */
public final class MemoryLog implements BodyLog {
    private final KeptSegments kept;
    private final Path file;
    private final NavigableMap<Long, ByteString> entries = new ConcurrentSkipListMap<>();

    /**
     * @param file its segments are written here before they are kept
     */
    public MemoryLog(KeptSegments kept, Path file) {
        this.kept = kept;
        this.file = file;
    }

    /** As after the log was purged up to there: what was not kept is gone. */
    public void purge(long raftIndex) {
        entries.headMap(raftIndex, true).clear();
    }

    public void add(long raftIndex, ByteString entry) {
        entries.put(raftIndex, entry);
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        List<@Nullable ByteString> bodies = new ArrayList<>();
        addresses.forEach(address -> bodies.add(find(address)));
        return bodies;
    }

    private @Nullable ByteString find(ChunkAddress address) {
        ByteString entry = entries.get(address.raftIndex());
        return entry == null
                ? null
                : body(entry, address.ordinal()).substring(address.offset(), address.offset() + address.length());
    }

    private static ByteString body(ByteString entry, int ordinal) {
        return steps(entry).get(ordinal).body();
    }

    private static List<Step> steps(ByteString entry) {
        try {
            return CommandCodec.decode(entry).steps();
        } catch (UnreadableCommandException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void keep(long raftIndex) throws IOException {
        long first = kept.end() + 1;
        if (raftIndex < first) {
            return;
        }
        BodyOffsets offsets = new BodyOffsets(first);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (var entry : entries.subMap(first, true, raftIndex, true).entrySet()) {
            for (int ordinal = 0; ordinal < steps(entry.getValue()).size(); ordinal++) {
                ByteString body = body(entry.getValue(), ordinal);
                if (!body.isEmpty()) {
                    offsets.add(entry.getKey(), ordinal, bytes.size(), body.size());
                    body.writeTo(bytes);
                }
            }
        }
        Files.write(file, bytes.toByteArray());
        kept.keep(file, new KeptSegment(first, raftIndex, bytes.size()), offsets);
        Files.delete(file);
    }
}
