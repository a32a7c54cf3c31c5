package io.eckermann.client.cli;

import io.eckermann.client.cli.backup.Archive;
import io.eckermann.client.cli.backup.Manifest;
import io.eckermann.client.cli.backup.RestoreFiles;
import io.eckermann.client.cli.backup.RestorePlan;
import io.eckermann.client.cli.local.LocalException;
import io.eckermann.client.cli.local.NodeCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a node's data of a backup, before the node starts for the first time. */
@Command(
        name = "restore",
        description = {
            "Makes the data of a node of a new cluster out of a backup. Do it for each node of the new cluster, with the"
                    + " same backup and bound, then start them all; nodes that begin with different states don't found a"
                    + " cluster together.",
            "With a bound everything is as it was at that entry of the Raft log: events, cursors, groups, all. Events that"
                    + " were deleted later are there again.",
            "Webhooks that were active deliver again: for a drill, keep receivers out of webhooks.hosts."
        },
        footer = {
            "",
            "  eckermann restore --from /mnt/backups/shop --config /etc/eckermann/eckermann.yaml",
            "  eckermann restore --from s3://backups/shop --config n1.yaml --to-time 2026-11-27T10:00"
        })
final class RestoreCommand extends Verb {
    @Option(
            names = "--from",
            paramLabel = "PLACE",
            required = true,
            description = "Where backups are kept: " + VaultOptions.PLACES + ".")
    private String from = "";

    @Option(names = "--config", paramLabel = "FILE", description = "The node's configuration, with a new cluster.id.")
    private @Nullable Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Sets one key of it. Repeatable.")
    private List<String> assignments = new ArrayList<>();

    @Option(names = "--backup", paramLabel = "ID", description = "Which backup. Default: the newest.")
    private String id = "";

    @Option(
            names = "--to-index",
            paramLabel = "ENTRY",
            description = "As it was when this entry of the Raft log had been applied.")
    private @Nullable Long toIndex;

    @Option(
            names = "--to-time",
            paramLabel = "TIME",
            description = "As it was before the first command that a leader proposed later than this, by its clock: "
                    + TimeOptions.EXAMPLES + ".")
    private String toTime = "";

    @Mixin
    private TimeOptions times = new TimeOptions();

    @Mixin
    private VaultOptions vault = new VaultOptions();

    @Override
    public Integer call() throws Exception {
        int bounds = (id.isEmpty() ? 0 : 1) + (toIndex == null ? 0 : 1) + (toTime.isEmpty() ? 0 : 1);
        if (bounds > 1) {
            throw new Failure.Usage("Only one of --backup, --to-index and --to-time says what is restored.");
        }
        Map<String, String> settings = settings();
        Path files = Path.of(setting(settings, "node.data-directory")).resolve("restoring");
        List<String> bound = new ArrayList<>();
        try (Archive archive = vault.open(from)) {
            RestorePlan plan = plan(archive.list(), bound);
            check(plan, settings);
            console().note("Restoring " + plan.describe());
            new RestoreFiles(archive, files).fetch(plan, BackupCommand.showing(console(), new AtomicReference<>()));
            console().progressDone();
        }
        List<String> arguments = new ArrayList<>(List.of("restore", "--from", files.toString()));
        arguments.addAll(bound);
        return node(arguments).inheritIO().start().waitFor();
    }

    /** @param bound gets the node's options for it */
    private RestorePlan plan(List<Manifest> backups, List<String> bound) {
        if (toIndex != null) {
            bound.addAll(List.of("--to-index", Long.toString(toIndex)));
            return RestorePlan.toIndex(backups, toIndex);
        }
        if (!toTime.isEmpty()) {
            Instant time = times.instant("--to-time", toTime);
            long nanos = TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
            bound.addAll(List.of("--to-time-ns", Long.toString(nanos)));
            return RestorePlan.toTime(backups, time);
        }
        return RestorePlan.whole(Archive.find(backups, id));
    }

    /** What the node would refuse once everything is here. */
    private static void check(RestorePlan plan, Map<String, String> settings) {
        if (setting(settings, "cluster.id").equals(plan.clusterId())) {
            throw new LocalException("A restored cluster is another one than " + plan.clusterId()
                    + ", which may still run somewhere: give cluster.id a new value on all nodes.");
        }
        if (!setting(settings, "shards").equals(Integer.toString(plan.shards()))) {
            throw new LocalException("The backup has " + plan.shards() + " shards and the new cluster "
                    + setting(settings, "shards")
                    + ": topics stay in their shards, so give shards the backup's number on"
                    + " all nodes.");
        }
    }

    private static String setting(Map<String, String> settings, String key) {
        String value = settings.get(key);
        if (value == null) {
            throw new LocalException("The node's configuration can't be used, see above.");
        }
        return value;
    }

    /** The node knows them. */
    private Map<String, String> settings() throws IOException, InterruptedException {
        Process asked = node(List.of("config"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, String> settings = new HashMap<>();
        try (var lines = asked.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int key = line.indexOf(": ");
                int source = line.lastIndexOf("  # ");
                if (key > 0 && source > key) {
                    settings.put(line.substring(0, key), line.substring(key + 2, source));
                }
            }
        }
        return asked.waitFor() == 0 ? settings : Map.of();
    }

    private ProcessBuilder node(List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        if (config != null) {
            all.addAll(List.of("--config", config.toString()));
        }
        assignments.forEach(each -> all.addAll(List.of("--set", each)));
        return NodeCommand.builder(all);
    }
}
