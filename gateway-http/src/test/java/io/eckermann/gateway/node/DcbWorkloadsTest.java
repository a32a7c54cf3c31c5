package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The three workloads of the public suite for Dynamic Consistency Boundaries (dcb.events): what a decision rested on can be
 * computed again, positions are never filled in later, and decisions about different things never collide. They speak to
 * all three nodes in turns, in the shapes of that suite.
 */
final class DcbWorkloadsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALL = "{\"items\":[]}";
    private static final int WINDOW = 6;

    @TempDir
    private static Path root;

    private static TestCluster cluster;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger requests = new AtomicInteger();

    @BeforeAll
    static void start() throws Exception {
        cluster = new TestCluster(root, 3, "http.dcb-topic=dcb");
        cluster.startAll();
        cluster.awaitLeader();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void everyStoredConditionIsRecomputedAndAgreed() throws Exception {
        createTopic();
        Fixture fixture = new Fixture(10, 10, 1, 2);
        inParallel(20, writer -> decide(fixture, new Random(writer), 15));

        List<JsonNode> log = read(ALL, "");
        int checked = 0;
        for (JsonNode event : log) {
            JsonNode data = JSON.readTree(event.path("data").asText());
            if (data.path("batchIndex").asInt(-1) == 0) {
                long position = event.path("position").asLong();
                assertThat(lastBefore(log, data.path("query"), position))
                        .as("what %s rests on", event)
                        .isEqualTo(data.path("lastMatchingEventPosition").asLong());
                if (checked++ < 20) {
                    assertThat(lastBefore(read(data.path("query").toString(), ""), JSON.readTree(ALL), position))
                            .as("the same by a read, for %s", event)
                            .isEqualTo(data.path("lastMatchingEventPosition").asLong());
                }
            }
        }
        assertThat(checked).isGreaterThan(20);
    }

    @Test
    void overlappingWindowsOfPositionsAreIdentical() throws Exception {
        createTopic();
        Fixture fixture = new Fixture(5, 5, 2, 5);
        List<List<Long>> reads = new ArrayList<>();
        inParallel(6, worker -> {
            if (worker < 5) {
                decide(fixture, new Random(worker), 20);
            } else {
                for (int i = 0; i < 20; i++) {
                    reads.add(read(ALL, "").stream()
                            .map(event -> event.path("position").asLong())
                            .toList());
                }
            }
        });
        for (int i = 1; i < reads.size(); i++) {
            List<Long> before = reads.get(i - 1);
            List<Long> now = reads.get(i);
            List<Long> window = before.subList(Math.max(0, before.size() - WINDOW), before.size());
            assertThat(now).as("the read behind that of %s", window).startsWith(before.toArray(Long[]::new));
            assertThat(now).isSorted().doesNotHaveDuplicates();
        }
        assertThat(reads.get(reads.size() - 1).size())
                .isGreaterThan(reads.get(0).size());
    }

    @Test
    void decisionsAboutDifferentThingsAreNeverRefused() throws Exception {
        createTopic();
        inParallel(20, writer -> {
            for (int i = 0; i < 15; i++) {
                String tag = "vu" + writer + "-iter" + i + "-" + System.nanoTime();
                ObjectNode body = JSON.createObjectNode();
                ObjectNode event = body.putArray("events").addObject();
                event.put("type", "SomeEvent")
                        .put("data", "{}")
                        .putArray("tags")
                        .add(tag);
                ObjectNode item = body.putObject("condition")
                        .putObject("failIfEventsMatch")
                        .putArray("items")
                        .addObject();
                item.putArray("tags").add(tag);
                item.putArray("types").add("SomeEvent");
                assertThat(append(body)).as("refused").isFalse();
                assertThat(append(body)).as("refused the second time").isTrue();
            }
        });
    }

    @Test
    void withoutTheSettingThereAreNoSuchRoutes() throws Exception {
        assertThat(cluster.config("n1").dcbTopic()).isEqualTo("dcb");
        assertThat(NodeConfig.load(null, Map.of(), List.of()).dcbTopic()).isEmpty();
    }

    /** As the suite does: look for the last event that matches, and append unless there is one behind it. */
    private void decide(Fixture fixture, Random random, int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            ObjectNode query = fixture.query(random);
            List<JsonNode> found = read(query.toString(), "{\"backwards\":true,\"limit\":1}");
            long last = found.isEmpty() ? 0 : found.get(0).path("position").asLong();
            ObjectNode body = JSON.createObjectNode();
            body.set("events", fixture.events(random, query, last));
            body.putObject("condition").put("after", last).set("failIfEventsMatch", query);
            boolean unused = append(body);
        }
    }

    private static long lastBefore(List<JsonNode> log, JsonNode query, long before) {
        return log.stream()
                .filter(event -> event.path("position").asLong() < before && matches(query, event))
                .mapToLong(event -> event.path("position").asLong())
                .max()
                .orElse(0);
    }

    private static boolean matches(JsonNode query, JsonNode event) {
        List<String> tags = texts(event.path("tags"));
        for (JsonNode item : query.path("items")) {
            List<String> types = texts(item.path("types"));
            if ((types.isEmpty() || types.contains(event.path("type").asText()))
                    && tags.containsAll(texts(item.path("tags")))) {
                return true;
            }
        }
        return query.path("items").isEmpty();
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private List<JsonNode> read(String query, String options) throws IOException, InterruptedException {
        String more = options.isEmpty() ? "" : "&options=" + URLEncoder.encode(options, StandardCharsets.UTF_8);
        JsonNode answer = send(
                request("/read?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8) + more)
                        .build(),
                200);
        List<JsonNode> events = new ArrayList<>();
        answer.forEach(events::add);
        return events;
    }

    /** Whether it was refused. */
    private boolean append(ObjectNode body) throws IOException, InterruptedException {
        JsonNode answer = send(
                request("/append")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                200);
        assertThat(answer.path("durationInMicroseconds").isNumber()).isTrue();
        return answer.path("appendConditionFailed").booleanValue();
    }

    private void createTopic() throws IOException, InterruptedException {
        HttpRequest create = request("/v1/topics/dcb")
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(http.send(create, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isIn(200, 201);
    }

    private HttpRequest.Builder request(String path) {
        List<String> nodes = cluster.ids();
        String node = nodes.get(Math.floorMod(requests.getAndIncrement(), nodes.size()));
        return HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + path))
                .timeout(Duration.ofSeconds(60));
    }

    private JsonNode send(HttpRequest request, int status) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    /** What one of several does at the same time. */
    private interface Work {
        void run(int worker) throws Exception;
    }

    private static void inParallel(int workers, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                running.add(threads.submit(() -> {
                    work.run(worker);
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Queries and events of so many types and tags. */
    private record Fixture(int types, int tags, int eventsMin, int eventsMax) {
        ObjectNode query(Random random) {
            ObjectNode query = JSON.createObjectNode();
            ArrayNode items = query.putArray("items");
            for (int i = random.nextInt(4); i > 0; i--) {
                ObjectNode item = items.addObject();
                int ofTypes = random.nextInt(5);
                some(random, "eventType", types, ofTypes).forEach(item.withArray("types")::add);
                int ofTags = ofTypes == 0 ? 1 + random.nextInt(3) : random.nextInt(4);
                some(random, "tag", tags, ofTags).forEach(item.withArray("tags")::add);
            }
            return query;
        }

        ArrayNode events(Random random, ObjectNode query, long last) {
            ArrayNode events = JSON.createArrayNode();
            int size = eventsMin + random.nextInt(eventsMax - eventsMin + 1);
            for (int i = 0; i < size; i++) {
                ObjectNode data = JSON.createObjectNode().put("batchIndex", i).put("batchSize", size);
                if (i == 0) {
                    data.put("lastMatchingEventPosition", last).set("query", query);
                }
                ObjectNode event = events.addObject();
                event.put("type", "eventType" + (1 + random.nextInt(types))).put("data", data.toString());
                some(random, "tag", tags, random.nextInt(4)).forEach(event.putArray("tags")::add);
            }
            return events;
        }

        private static List<String> some(Random random, String name, int of, int count) {
            List<Integer> numbers =
                    new ArrayList<>(IntStream.rangeClosed(1, of).boxed().toList());
            Collections.shuffle(numbers, random);
            return numbers.stream().limit(count).map(number -> name + number).toList();
        }
    }
}
