package io.eckermann.client.cli.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/** Fetches what a plan needs, each file compared with its digest, and lays it out as {@code eckermann-node restore} wants. */
public final class RestoreFiles {
    private final Archive archive;
    private final Path directory;

    /** @param directory made anew */
    public RestoreFiles(Archive archive, Path directory) {
        this.archive = archive;
        this.directory = directory;
    }

    /** Fetches everything. */
    public void fetch(RestorePlan plan, Archive.Progress progress) throws IOException {
        clear(directory);
        for (int shard = 0; shard < plan.shards(); shard++) {
            Files.createDirectories(base(shard));
            Files.createDirectories(log(shard));
        }
        long total = plan.bytes();
        long bytes = 0;
        Manifest snapshot = plan.base();
        if (snapshot != null) {
            for (Manifest.File file : snapshot.files()) {
                archive.fetch(snapshot, file, base(file.shard()).resolve(file.name()));
                bytes += file.bytes();
                progress.at(bytes, total);
            }
        }
        for (RestorePlan.Segment segment : plan.log()) {
            Path to = log(segment.file().shard()).resolve("log_" + segment.first() + "-" + segment.last());
            archive.fetch(Objects.requireNonNull(plan.later()), segment.file(), to);
            bytes += segment.file().bytes();
            progress.at(bytes, total);
        }
        Files.writeString(
                directory.resolve("source"),
                "cluster-id=" + plan.clusterId() + "\nshards=" + plan.shards() + "\nbase=" + (snapshot != null) + "\n",
                StandardCharsets.UTF_8);
    }

    private Path base(int shard) {
        return directory.resolve(Integer.toString(shard)).resolve("base");
    }

    private Path log(int shard) {
        return directory.resolve(Integer.toString(shard)).resolve("log");
    }

    private static void clear(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(directory);
    }
}
