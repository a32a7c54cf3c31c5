package io.eckermann.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Nodes n1, n2, … as processes on loopback, to be broken. Closing it kills them all. */
final class Cluster implements AutoCloseable {
    private static final int DOORS = 3;

    private final Path root;
    private final HeldPorts held;
    private final List<String> settings = new ArrayList<>();
    private final TreeMap<String, List<Integer>> ports = new TreeMap<>();
    private final Map<String, NodeProcess> running = new ConcurrentHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /**
     * Lays nodes out; starts none.
     *
     * @param settings key=value, for all nodes
     */
    Cluster(Path root, int size, String... settings) throws IOException {
        this.root = root;
        this.held = new HeldPorts(size * DOORS);
        List<Integer> free = held.numbers();
        for (int i = 0; i < size; i++) {
            ports.put("n" + (i + 1), free.subList(i * DOORS, (i + 1) * DOORS));
        }
        this.settings.add(nodes(ports.keySet().toArray(String[]::new)));
        this.settings.addAll(List.of(settings));
    }

    /** The setting of nodes with these alone. */
    String nodes(String... ids) {
        List<String> list = new ArrayList<>();
        for (String id : ids) {
            List<Integer> own = Objects.requireNonNull(ports.get(id));
            list.add("{id: %s, raft: '127.0.0.1:%d', grpc: '127.0.0.1:%d', http: '127.0.0.1:%d'}"
                    .formatted(id, own.get(0), own.get(1), own.get(2)));
        }
        return "nodes=[" + String.join(", ", list) + "]";
    }

    List<String> ids() {
        return List.copyOf(ports.keySet());
    }

    Path data(String id) {
        return root.resolve(id);
    }

    /** The directory with a node's log segments. */
    Path segments(String id) throws IOException {
        try (var groups = Files.list(data(id).resolve("raft"))) {
            return groups.findFirst().orElseThrow().resolve("current");
        }
    }

    NodeProcess start(String id) throws IOException {
        return start(id, Map.of());
    }

    NodeProcess start(String id, Map<String, String> environment) throws IOException {
        return start(id, environment, List.of());
    }

    /** @param more key=value, which count more than those for all nodes */
    NodeProcess start(String id, Map<String, String> environment, List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>();
        List<String> all = new ArrayList<>(settings);
        all.add("node.id=" + id);
        all.addAll(more);
        all.add("node.data-directory=" + data(id));
        all.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        NodeProcess node = NodeProcess.start(arguments, root.resolve(id + ".log"), environment);
        running.put(id, node);
        return node;
    }

    void startAll() throws Exception {
        startAll(Map.of());
    }

    void startAll(Map<String, String> environment) throws Exception {
        for (String id : ids()) {
            start(id, environment);
        }
        // None is ready before all are there, so that who has ended must not wait for its turn to be looked at.
        Await.until("all nodes are ready", () -> {
            running.forEach(Cluster::refuseEnded);
            return running.values().stream().allMatch(NodeProcess::isReady);
        });
    }

    NodeProcess node(String id) {
        return Objects.requireNonNull(running.get(id), id);
    }

    void kill(String id) {
        node(id).kill();
    }

    /** What a node that is down has of its data when it got another disk: nothing. */
    void empty(String id) throws IOException {
        try (Stream<Path> files = Files.walk(data(id))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Waits until all nodes that were started are ready. */
    void awaitReady() throws Exception {
        for (String id : running.keySet()) {
            awaitReady(id);
        }
    }

    void awaitReady(String id) throws Exception {
        NodeProcess node = node(id);
        Await.until(id + " is ready", () -> {
            refuseEnded(id, node);
            return node.isReady();
        });
    }

    private static void refuseEnded(String id, NodeProcess node) {
        if (!node.isAlive()) {
            throw new AssertionError(id + " has ended; it said:\n" + node.said());
        }
    }

    String grpc(String id) {
        return "127.0.0.1:" + Objects.requireNonNull(ports.get(id)).get(1);
    }

    String http(String id) {
        return "127.0.0.1:" + Objects.requireNonNull(ports.get(id)).get(2);
    }

    String endpoints() {
        return String.join(",", ids().stream().map(this::grpc).toList());
    }

    EventStore client(Duration requestTimeout) {
        return EventStore.builder()
                .endpoints(endpoints())
                .requestTimeout(requestTimeout)
                .build();
    }

    /** The leader that a majority of the running nodes agrees on. */
    String leader() throws Exception {
        String[] found = {""};
        Await.until("one leader", () -> {
            Map<String, Integer> votes = new TreeMap<>();
            for (String id : running.keySet()) {
                if (node(id).isAlive()) {
                    votes.merge(view(id).path("leader").asText(), 1, Integer::sum);
                }
            }
            votes.forEach((id, count) -> {
                if (running.containsKey(id) && count > ports.size() / 2 && node(id).isAlive()) {
                    found[0] = id;
                }
            });
            return !found[0].isEmpty();
        });
        return found[0];
    }

    /** A running node that does not lead. */
    String follower() throws Exception {
        String leader = leader();
        return ids().stream()
                .filter(id -> !id.equals(leader) && running.containsKey(id) && node(id).isAlive())
                .findFirst()
                .orElseThrow();
    }

    /** The cluster as one node sees it; an empty object when it does not answer. */
    JsonNode view(String id) throws InterruptedException {
        try {
            return Script.JSON.readTree(get(id, "/v1/cluster", "application/json"));
        } catch (IOException e) {
            return Script.JSON.createObjectNode();
        }
    }

    /** What one node holds of a topic, from its own disk, once it has got as far as the head given. */
    List<JsonNode> events(String id, String topic, long head) throws IOException, InterruptedException {
        List<JsonNode> events = new ArrayList<>();
        String path = "/v1/topics/" + topic + "/events?from=1&consistency=local&at_least=" + head;
        for (String line : get(id, path, "application/x-ndjson").split("\n", -1)) {
            JsonNode event = line.isEmpty() ? Script.JSON.createObjectNode() : Script.JSON.readTree(line);
            if (event.has("position")) {
                events.add(event);
            }
        }
        return events;
    }

    /** The body of a successful answer. */
    String get(String id, String path, String accept) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(URI.create("http://" + http(id) + path))
                        .timeout(Duration.ofSeconds(60))
                        .header("Accept", accept)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    @Override
    public void close() {
        running.values().forEach(NodeProcess::kill);
        held.close();
    }
}
