package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Runs the procedures of the operations page as they are written there, but for places and files. */
@EnabledIfSystemProperty(named = "chaos.backup", matches = "true")
class BackupAndRestoreTest {
    private static final int EVENTS = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void aClusterIsBackedUpWhileItGoesOnAndRestoredIntoAnother() throws Exception {
        List<JsonNode> before;
        try (Cluster cluster = cluster("old", 3, "raft.segment-size=1MiB");
                EventStore store = cluster.client(PATIENCE)) {
            cluster.startAll();
            store.topics().create("orders").join();
            append(store, "orders", 1, EVENTS);
            store.cursors().commit("reader", "orders", 7).join();
            backUp(cluster, procedure("## Backup"));

            append(store, "orders", EVENTS + 1, 2 * EVENTS);
            store.cursors().commit("reader", "orders", 9).join();
            backUp(cluster, procedure("## Backup").subList(0, 1));
            before = cluster.events("n1", "orders", 2 * EVENTS);
        }
        List<JsonNode> backups = backups();
        assertThat(backups).hasSize(2);
        long between = (backups.get(0).path("raft_index").asLong()
                        + backups.get(1).path("raft_index").asLong())
                / 2;

        try (Cluster fresh = restored("new", 2, List.of());
                EventStore store = fresh.client(PATIENCE)) {
            fresh.startAll();
            for (String id : fresh.ids()) {
                assertThat(fresh.events(id, "orders", 2 * EVENTS)).isEqualTo(before);
            }
            assertThat(cursor(store)).isEqualTo(9);
            append(store, "orders", 2 * EVENTS + 1, 2 * EVENTS + 1);
        }
        try (Cluster fresh = restored("past", 1, List.of("--to-index", Long.toString(between)));
                EventStore store = fresh.client(PATIENCE)) {
            fresh.startAll();
            List<JsonNode> events = fresh.events("n1", "orders", EVENTS);
            assertThat(events).hasSizeBetween(EVENTS + 1, 2 * EVENTS - 1).isEqualTo(before.subList(0, events.size()));
            assertThat(cursor(store)).isEqualTo(7);
            append(store, "orders", events.size() + 1, events.size() + 1);
        }
    }

    @Test
    void twoShardsAreRestoredToATimeAsOneClusterOfTwo() throws Exception {
        List<JsonNode> orders;
        List<JsonNode> clicks;
        Instant time;
        try (Cluster cluster = cluster("old", 1, "shards=2");
                EventStore store = cluster.client(PATIENCE)) {
            cluster.startAll();
            store.topics().create("orders").join();
            store.topics().create("clicks").join();
            append(store, "orders", 1, 30);
            append(store, "clicks", 1, 20);
            orders = cluster.events("n1", "orders", 30);
            clicks = cluster.events("n1", "clicks", 20);
            time = Instant.now();
            store.topics().create("more").join();
            append(store, "orders", 31, 40);
            append(store, "clicks", 21, 40);
            // A backup counts for a time only when clocks that differ could not change that.
            Await.until("the clocks are beyond doubt", () -> Instant.now().isAfter(time.plusSeconds(11)));
            backUp(cluster, procedure("## Backup").subList(0, 1));
        }
        List<String> bound = List.of("--to-time", time.toString());
        assertThat(refused(bound)).contains("The backup has 2 shards");
        try (Cluster fresh = restored("past", 1, bound, "shards: 2");
                EventStore store = fresh.client(PATIENCE)) {
            fresh.startAll();
            assertThat(fresh.events("n1", "orders", 30)).isEqualTo(orders);
            assertThat(fresh.events("n1", "clicks", 20)).isEqualTo(clicks);
            assertThat(store.topics().create("more").join()).isNotNull();
            append(store, "clicks", 21, 21);
        }
    }

    private Cluster cluster(String name, int size, String... settings) throws IOException {
        return new Cluster(Files.createDirectories(directory.resolve(name)), size, settings);
    }

    /** Where a new cluster will be, with a configuration for each node. */
    private Cluster laidOut(String name, int size, String... settings) throws IOException {
        Cluster fresh = cluster(
                name,
                size,
                Stream.of(settings).map(each -> each.replace(": ", "=")).toArray(String[]::new));
        for (String id : fresh.ids()) {
            String text = String.join(
                            "\n",
                            fresh.nodes(fresh.ids().toArray(String[]::new)).replaceFirst("nodes=", "nodes: "),
                            "node.id: " + id,
                            "node.data-directory: " + fresh.data(id),
                            String.join("\n", settings))
                    + "\n";
            Files.writeString(config(name, id), text);
        }
        return fresh;
    }

    private Path config(String name, String id) {
        return directory.resolve(name).resolve(id + ".yaml");
    }

    /** A new cluster, to begin with what the procedure makes on each of its nodes. */
    private Cluster restored(String name, int size, List<String> bound, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("cluster.id: " + name);
        Cluster fresh = laidOut(name, size, all.toArray(String[]::new));
        List<String> said = new ArrayList<>();
        for (String id : fresh.ids()) {
            Script.Ended ended = restore(name, id, bound);
            assertThat(ended.exitCode()).as(ended.err()).isZero();
            said.add(ended.out());
        }
        assertThat(said).as("the same state on all nodes").containsOnly(said.get(0));
        return fresh;
    }

    private Script.Ended restore(String name, String id, List<String> bound) throws Exception {
        List<List<String>> commands = procedure("## Restore");
        assertThat(commands).hasSize(1);
        List<String> arguments = new ArrayList<>(replaced(commands.get(0), config(name, id)));
        arguments.addAll(bound);
        return script().run(arguments.toArray(String[]::new));
    }

    /** What is said to a cluster of one shard. */
    private String refused(List<String> bound) throws Exception {
        try (Cluster fresh = laidOut("one", 1, "cluster.id: one")) {
            Script.Ended ended = restore("one", fresh.ids().get(0), bound);
            assertThat(ended.exitCode()).isNotZero();
            return ended.err();
        }
    }

    private static long cursor(EventStore store) {
        return store.cursors().get("reader", "orders").join().position();
    }

    private static void append(EventStore store, String topic, int from, int to) {
        for (int i = from; i < to; i++) {
            // What fails here makes the last one come too early.
            var unused = store.append(topic, Event.of("event " + i + " " + "x".repeat(1_000)));
        }
        assertThat(store.append(topic, Event.of("event " + to)).join().last()).isEqualTo(to);
    }

    private void backUp(Cluster cluster, List<List<String>> procedure) throws Exception {
        for (List<String> command : procedure) {
            List<String> arguments = new ArrayList<>(replaced(command, directory));
            if (!arguments.contains("verify") && !arguments.contains("list")) {
                arguments.addAll(List.of("--endpoints", cluster.endpoints()));
            }
            Script.Ended ended = script().run(arguments.toArray(String[]::new));
            assertThat(ended.exitCode()).as(arguments + ": " + ended.err()).isZero();
        }
    }

    private List<JsonNode> backups() throws Exception {
        List<JsonNode> backups = new ArrayList<>();
        Script.Ended ended = script().run("backup", "list", place().toString(), "-o", "json");
        ended.json().path("backups").forEach(backups::add);
        return backups;
    }

    private Script script() {
        return new Script(directory);
    }

    private Path place() {
        return directory.resolve("backups");
    }

    private List<String> replaced(List<String> command, Path config) {
        return command.stream()
                .map(word -> word.equals("/mnt/backups/shop") ? place().toString() : word)
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
