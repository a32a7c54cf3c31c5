package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Runs the procedures of the operations page as they are written there, but for places and files. */
@EnabledIfSystemProperty(named = "chaos.backup", matches = "true")
class BackupAndRestoreTest {
    private static final int EVENTS = 2_000;

    @TempDir
    private Path directory;

    @Test
    void aClusterIsBackedUpWhileItGoesOnAndRestoredIntoAnother() throws Exception {
        Script script = new Script(directory);
        Path place = directory.resolve("backups");
        List<JsonNode> before;
        long index;
        try (Cluster cluster = new Cluster(directory.resolve("old"), 3, "raft.segment-size=1MiB");
                EventStore store = cluster.client(Duration.ofSeconds(60))) {
            Files.createDirectories(directory.resolve("old"));
            cluster.startAll();
            store.topics().create("orders").join();
            append(store, 1, EVENTS);
            store.cursors().commit("reader", "orders", 7).join();
            backUp(script, place, cluster);
            index = backups(script, place).get(0).path("raft_index").asLong();

            append(store, EVENTS + 1, 2 * EVENTS);
            store.cursors().commit("reader", "orders", 9).join();
            backUp(script, place, cluster);
            before = cluster.events("n1", "orders", 2 * EVENTS);
        }
        List<JsonNode> backups = backups(script, place);
        assertThat(backups).hasSize(2);

        assertRestored(script, place, "new", List.of(), before, 9);
        assertRestored(
                script, place, "past", List.of("--to-index", Long.toString(index)), before.subList(0, EVENTS), 7);
    }

    private void assertRestored(
            Script script, Path place, String name, List<String> bound, List<JsonNode> events, long cursor)
            throws Exception {
        Path root = Files.createDirectories(directory.resolve(name));
        try (Cluster fresh = new Cluster(root, 3, "cluster.id=" + name);
                EventStore store = fresh.client(Duration.ofSeconds(60))) {
            List<String> said = new ArrayList<>();
            for (String id : fresh.ids()) {
                Path config = Files.writeString(
                        root.resolve(id + ".yaml"),
                        fresh.nodes(fresh.ids().toArray(String[]::new)).replaceFirst("nodes=", "nodes: ")
                                + "\ncluster.id: " + name + "\nnode.id: " + id + "\nnode.data-directory: "
                                + fresh.data(id) + "\n");
                for (List<String> command : procedure("## Restore")) {
                    List<String> arguments = new ArrayList<>(replaced(command, place, config));
                    arguments.addAll(bound);
                    said.add(run(script, arguments));
                }
            }
            assertThat(said).hasSize(3).as("the same state on all nodes").containsOnly(said.get(0));
            fresh.startAll();
            for (String id : fresh.ids()) {
                assertThat(fresh.events(id, "orders", events.size())).isEqualTo(events);
            }
            assertThat(store.cursors().get("reader", "orders").join().position())
                    .isEqualTo(cursor);
            append(store, events.size() + 1, events.size() + 1);
        }
    }

    private static void append(EventStore store, int from, int to) {
        for (int i = from; i < to; i++) {
            // What fails here makes the last one come too early.
            var unused = store.append("orders", Event.of("event " + i + " " + "x".repeat(1_000)));
        }
        assertThat(store.append("orders", Event.of("event " + to)).join().last())
                .isEqualTo(to);
    }

    private void backUp(Script script, Path place, Cluster cluster) throws Exception {
        for (List<String> command : procedure("## Backup")) {
            List<String> arguments = new ArrayList<>(replaced(command, place, place));
            if (!arguments.contains("verify") && !arguments.contains("list")) {
                arguments.addAll(List.of("--endpoints", cluster.endpoints()));
            }
            String unused = run(script, arguments);
        }
    }

    private static List<JsonNode> backups(Script script, Path place) throws Exception {
        List<JsonNode> backups = new ArrayList<>();
        Script.Ended ended = script.run("backup", "list", place.toString(), "-o", "json");
        ended.json().path("backups").forEach(backups::add);
        return backups;
    }

    private static String run(Script script, List<String> arguments) throws Exception {
        Script.Ended ended = script.run(arguments.toArray(String[]::new));
        assertThat(ended.exitCode()).as(arguments + ": " + ended.err()).isZero();
        return ended.out();
    }

    private static List<String> replaced(List<String> command, Path place, Path config) {
        return command.stream()
                .map(word -> word.equals("/mnt/backups/shop") ? place.toString() : word)
                .map(word -> word.equals("/etc/eckermann/eckermann.yaml") ? config.toString() : word)
                .toList();
    }

    /** The commands of a section's examples, each without its first word. */
    private static List<List<String>> procedure(String heading) throws IOException {
        String page = Files.readString(Script.root().resolve("docs/operations.md"));
        int begin = page.indexOf(heading + "\n");
        assertThat(begin).as(heading).isNotNegative();
        int end = page.indexOf("\n## ", begin + 1);
        List<List<String>> commands = new ArrayList<>();
        for (String line : page.substring(begin, end < 0 ? page.length() : end).split("\n", -1)) {
            if (line.startsWith("    eckermann ")) {
                List<String> words = List.of(line.strip().split(" +", -1));
                commands.add(words.subList(1, words.size()));
            }
        }
        assertThat(commands).isNotEmpty();
        return commands;
    }
}
