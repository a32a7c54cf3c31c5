package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.StorageView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node's data takes on its disk, and how much was written for it. {@link #look} is called by a timer and
 * reads directories; {@link #last} may be called from any thread and never blocks.
 */
public final class StorageWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StorageWatch.class);
    private static final Path PROCESS_IO = Path.of("/proc/self/io");
    private static final String WRITTEN = "write_bytes: ";

    private final Path log;
    private final List<Path> kept;
    private final List<Path> index;
    private final List<Path> snapshots;
    private final LongSupplier payloadBytes;
    private final LongSupplier deviceBytes;
    private final long deviceBytesBefore;
    private volatile @Nullable StorageView last;

    /**
     * Watches a node's directories.
     *
     * @param log has the Raft log somewhere below it
     * @param states of each shard, have {@code kept/}, {@code db/} and {@code snapshots/}
     * @param payloadBytes appended since the node started
     */
    public StorageWatch(Path log, List<Path> states, LongSupplier payloadBytes) {
        this(log, states, payloadBytes, StorageWatch::writtenByThisProcess);
    }

    StorageWatch(Path log, List<Path> states, LongSupplier payloadBytes, LongSupplier deviceBytes) {
        this.log = log;
        kept = states.stream().map(state -> state.resolve("kept")).toList();
        index = states.stream().map(state -> state.resolve("db")).toList();
        snapshots = states.stream().map(state -> state.resolve("snapshots")).toList();
        this.payloadBytes = payloadBytes;
        this.deviceBytes = deviceBytes;
        deviceBytesBefore = deviceBytes.getAsLong();
    }

    /** As of the last look; null before the first. */
    public @Nullable StorageView last() {
        return last;
    }

    /** Looks anew. */
    public void look() {
        try {
            last = now();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("What is on the disk could not be counted, it is tried again: {}", e.toString());
        }
    }

    private StorageView now() throws IOException {
        Map<Object, Long> inKept = files(kept);
        Map<Object, Long> inIndex = files(index);
        long logBytes = bytes(files(List.of(log)), List.of(inKept));
        long keptBytes = bytes(inKept, List.of());
        long payload = payloadBytes.getAsLong();
        long device = deviceBytesBefore < 0 ? -1 : deviceBytes.getAsLong() - deviceBytesBefore;
        return StorageView.newBuilder()
                .setLogBytes(logBytes)
                .setKeptBytes(keptBytes)
                .setLogAndKeptBytes(logBytes + keptBytes)
                .setIndexBytes(bytes(inIndex, List.of()))
                .setSnapshotBytes(bytes(files(snapshots), List.of(inKept, inIndex)))
                .setPayloadBytes(payload)
                .setDeviceBytes(device)
                .setWriteAmplification(payload > 0 && device >= 0 ? (double) device / payload : 0)
                .build();
    }

    /** The size of each file below directories, by what tells files from names. */
    private static Map<Object, Long> files(List<Path> directories) throws IOException {
        Map<Object, Long> sizes = new HashMap<>();
        List<Path> left = new ArrayList<>(directories);
        while (!left.isEmpty()) {
            Path each = left.remove(left.size() - 1);
            try {
                BasicFileAttributes attributes = Files.readAttributes(each, BasicFileAttributes.class);
                if (attributes.isDirectory()) {
                    try (Stream<Path> inside = Files.list(each)) {
                        inside.forEach(left::add);
                    }
                } else {
                    sizes.put(Objects.requireNonNullElse(attributes.fileKey(), each), attributes.size());
                }
            } catch (NoSuchFileException e) {
                LOG.debug("{} was deleted meanwhile", each);
            }
        }
        return sizes;
    }

    private static long bytes(Map<Object, Long> files, List<Map<Object, Long>> countedBefore) {
        return files.entrySet().stream()
                .filter(file -> countedBefore.stream().noneMatch(other -> other.containsKey(file.getKey())))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static long writtenByThisProcess() {
        try (Stream<String> lines = Files.lines(PROCESS_IO, StandardCharsets.US_ASCII)) {
            return lines.filter(line -> line.startsWith(WRITTEN))
                    .mapToLong(line -> Long.parseLong(line.substring(WRITTEN.length())))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException | UncheckedIOException e) {
            // Only Linux has it.
            return -1;
        }
    }
}
