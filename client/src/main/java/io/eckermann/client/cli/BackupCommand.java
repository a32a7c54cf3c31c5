package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import io.eckermann.client.cli.backup.Archive;
import io.eckermann.client.cli.backup.BackupTaker;
import io.eckermann.client.cli.backup.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Takes backups, and looks after them. */
@Command(
        name = "backup",
        description = {
            "Copies everything that a cluster holds, while it goes on: events, cursors, groups, results kept for retries,"
                    + " settings, schemas, webhooks. Everything acknowledged before is in it.",
            "The next backup to the same place copies only the log that is new, and the index.",
            "Whoever can read the place can read all events. eckermann restore brings a backup back."
        },
        synopsisSubcommandLabel = "[list|verify|drop]",
        subcommands = {BackupCommand.ListAll.class, BackupCommand.Verify.class, BackupCommand.Drop.class},
        footer = {
            "",
            "  eckermann backup --to /mnt/backups/shop",
            "  eckermann backup --to s3://backups/shop --s3-endpoint https://minio.example:9000 --speed 20MiB",
            "  eckermann backup verify /mnt/backups/shop"
        })
final class BackupCommand extends Verb {
    private static final int ATTEMPTS_MAX = 5;

    @Option(names = "--to", paramLabel = "PLACE", description = "Where it is kept: " + VaultOptions.PLACES + ".")
    private String to = "";

    @Option(
            names = "--node",
            paramLabel = "ID",
            description = "Whose copy is taken. Default: that of the last backup; else one that does not lead.")
    private String node = "";

    @Option(
            names = "--speed",
            paramLabel = "SIZE",
            converter = RetainOptions.BytesConverter.class,
            description = "How much the node sends in a second at most, such as 20MiB. Default: as much as it can.")
    private @Nullable Long speed;

    @Mixin
    private VaultOptions vault = new VaultOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    public Integer call() throws Exception {
        if (to.isEmpty()) {
            throw new ParameterException(spec().commandLine(), "'eckermann backup' needs --to PLACE, or a verb.");
        }
        try (Archive archive = vault.open(to);
                EventStore store = cluster.open()) {
            AtomicReference<Progress> bar = new AtomicReference<>();
            BackupTaker taker = new BackupTaker(archive, speed == null ? 0 : speed, showing(console(), bar));
            Manifest taken = taken(store, taker);
            console().progressDone();
            report(taken, taker.fetchedBytes());
        }
        return ExitCode.OK;
    }

    private Manifest taken(EventStore store, BackupTaker taker) throws Exception {
        String from = node.isEmpty() ? taker.preferredNode() : node;
        for (int attempt = 1; ; attempt++) {
            try {
                // As long as it takes: the node ends it when it can't go on.
                store.copy(from, taker).get();
                return taker.finish();
            } catch (ExecutionException e) {
                taker.brokeOff();
                boolean again = e.getCause() instanceof EckermannException failure
                        && failure.retryable()
                        && attempt < ATTEMPTS_MAX;
                if (!again) {
                    throw e;
                }
                console().note("eckermann: " + Failure.of(e).line() + " Going on with what came.");
            }
        }
    }

    /** A bar over the bytes, where there is a terminal. */
    static Archive.Progress showing(Console console, AtomicReference<Progress> bar) {
        return (bytes, total) -> {
            Progress shown = bar.updateAndGet(known -> known == null ? new Progress(console, total) : known);
            shown.at(bytes);
        };
    }

    private void report(Manifest taken, long fetched) {
        if (output.format() != Format.table) {
            Json.print(console(), json(taken).put("copied_bytes", fetched));
        } else if (!output.quiet()) {
            console()
                    .line("backup " + taken.id() + " of node " + taken.node() + ": " + Bytes.text(taken.bytes())
                            + ", of which " + Bytes.text(fetched) + " copied now");
            console().flush();
        }
    }

    private static ObjectNode json(Manifest manifest) {
        return Json.object()
                .put("id", manifest.id())
                .put("cluster_id", manifest.clusterId())
                .put("node", manifest.node())
                .put("version", manifest.version())
                .put("time", manifest.time().toString())
                .put("shards", manifest.shards().size())
                .put("raft_index", manifest.raftIndex())
                .put("files", manifest.files().size())
                .put("bytes", manifest.bytes());
    }

    /** What the verbs about backups that are there share. */
    abstract static class Kept extends Verb {
        @Parameters(paramLabel = "PLACE", description = "Where backups are kept: " + VaultOptions.PLACES + ".")
        private String place = "";

        @Mixin
        private VaultOptions vault = new VaultOptions();

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public final Integer call() throws Exception {
            try (Archive archive = vault.open(place)) {
                run(archive);
            }
            return ExitCode.OK;
        }

        abstract void run(Archive archive) throws IOException;

        final OutputOptions output() {
            return output;
        }

        final void report(ObjectNode json, String sentence) {
            console().progressDone();
            if (output.format() != Format.table) {
                Json.print(console(), json);
            } else if (!output.quiet()) {
                console().line(sentence);
                console().flush();
            }
        }
    }

    /** Shows what there is. */
    @Command(name = "list", description = "Shows the backups in a place, the oldest first.")
    static final class ListAll extends Kept {
        @Override
        void run(Archive archive) throws IOException {
            List<Manifest> all = archive.list();
            if (output().format() != Format.table) {
                Json.print(
                        console(),
                        output().format(),
                        "backups",
                        all.stream().map(BackupCommand::json).toList());
                return;
            }
            Table table = new Table("BACKUP", "CLUSTER", "NODE", "ENTRY", "FILES", "BYTES");
            for (Manifest each : all) {
                table.row(
                        each.id(),
                        each.clusterId(),
                        each.node(),
                        Long.toString(each.raftIndex()),
                        Integer.toString(each.files().size()),
                        Bytes.text(each.bytes()));
            }
            table.print(console());
        }
    }

    /** Reads backups through. */
    @Command(
            name = "verify",
            description = "Fetches every file of all backups, or of one, and compares it with its digest.")
    static final class Verify extends Kept {
        @Option(names = "--backup", paramLabel = "ID", description = "Only this one. Default: all.")
        private String id = "";

        @Override
        void run(Archive archive) throws IOException {
            List<Manifest> all = archive.list();
            List<Manifest> chosen = id.isEmpty() && !all.isEmpty() ? all : List.of(Archive.find(all, id));
            int files = archive.verify(chosen, showing(console(), new AtomicReference<>()));
            report(
                    Json.object().put("backups", chosen.size()).put("files", files),
                    chosen.size() + " backups are whole: " + files + " files match their digests");
        }
    }

    /** Deletes one. */
    @Command(
            name = "drop",
            description = {
                "Deletes a backup, and what no other one needs; not while one is taken to the same place.",
                "Events that were deleted later are in older backups still: drop those when they must be gone."
            })
    static final class Drop extends Kept {
        @Option(names = "--backup", paramLabel = "ID", required = true, description = "Which one.")
        private String id = "";

        @Override
        void run(Archive archive) throws IOException {
            Manifest dropped = Archive.find(archive.list(), id);
            int files = archive.drop(dropped);
            report(
                    Json.object().put("id", dropped.id()).put("files", files),
                    "dropped " + dropped.id() + " and " + files + " files");
        }
    }
}
