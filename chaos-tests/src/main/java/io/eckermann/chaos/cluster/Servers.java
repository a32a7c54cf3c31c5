package io.eckermann.chaos.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eckermann.chaos.disk.Disk;
import io.eckermann.chaos.host.Hosts;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.host.Resources;
import io.eckermann.chaos.shim.NativeTools;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** The nodes of one cluster, and spare ones that may become members of it. Thread safe. */
public final class Servers {
    /** Where every node listens: Raft, gRPC, HTTP. */
    public static final List<Integer> PORTS = List.of(7201, 7301, 8081);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final Hosts hosts;
    /** By number, the spare ones too. */
    private final List<Server> everyone = new ArrayList<>();

    private final List<Server> members = new CopyOnWriteArrayList<>();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    /**
     * Lays nodes out; starts none.
     *
     * @param founders so many of the hosts are members from the beginning, the others are spare
     * @param directory for logs and pages
     * @param disks one for each
     */
    public Servers(
            Hosts hosts,
            int founders,
            List<Disk> disks,
            NativeTools tools,
            NodeProgram program,
            Path directory,
            List<String> settings,
            Resources resources)
            throws Exception {
        this.hosts = hosts;
        List<String> everywhere = new ArrayList<>(settings);
        everywhere.add(nodesSetting(IntStream.rangeClosed(1, founders).boxed().toList()));
        for (int number = 1; number <= hosts.size(); number++) {
            Path page = directory.resolve("n" + number + ".page");
            Shim shim = tools.missing().isPresent() ? null : new Shim(page, tools.library());
            Path log = directory.resolve("n" + number + ".log");
            Server server = new Server(number, hosts, disks.get(number - 1), shim, log, program, everywhere);
            resources.make("process", server.id(), () -> {}, server::kill);
            everyone.add(server);
        }
        members.addAll(everyone.subList(0, founders));
    }

    private String nodesSetting(List<Integer> numbers) {
        List<String> list = new ArrayList<>();
        for (int number : numbers) {
            String host = hosts.address(number);
            list.add("{id: n%d, raft: '%s:%d', grpc: '%s:%d', http: '%s:%d'}"
                    .formatted(number, host, PORTS.get(0), host, PORTS.get(1), host, PORTS.get(2)));
        }
        return "nodes=[" + String.join(", ", list) + "]";
    }

    /** The members as of now. */
    public List<Server> all() {
        return List.copyOf(members);
    }

    /** The members and the spare ones. */
    public List<Server> everyone() {
        return List.copyOf(everyone);
    }

    public Server node(int number) {
        return everyone.get(number - 1);
    }

    /** Those that are no members; they don't run, and hold nothing. */
    public List<Server> spare() {
        return everyone.stream().filter(server -> !members.contains(server)).toList();
    }

    /** Starts a spare node, which then waits to be taken in by the members. */
    public void startSpare(Server spare) throws IOException {
        List<Integer> numbers =
                new ArrayList<>(all().stream().map(Server::number).toList());
        numbers.add(spare.number());
        spare.settle(List.of(nodesSetting(numbers)));
        spare.start();
    }

    /** From its next start on a member comes back by itself when it has to come back as another one, or no longer does. */
    public void mayJoinByItself(Server member, boolean may) {
        member.settle(
                List.of(nodesSetting(all().stream().map(Server::number).toList()), "cluster.join-by-itself=" + may));
    }

    /** The cluster has taken it in. */
    public void joined(Server server) {
        members.add(server);
        members.sort(Comparator.comparingInt(Server::number));
    }

    /** The cluster has let it go, and it has ended: from now on it is a spare one. */
    public void left(Server server) throws IOException {
        members.remove(server);
        server.wipe();
    }

    /** The node that a member's id is of: one that was emptied comes back as n3~4f2a91. */
    public static String host(String member) {
        return member.replaceFirst("~.*", "");
    }

    /** The ids of the members as a node knows them. */
    public List<String> memberIds(Server server) throws InterruptedException {
        return view(server)
                .map(view -> view.path("nodes").findValuesAsText("id"))
                .orElse(List.of());
    }

    /** Nodes by their names. */
    public List<Server> named(List<String> ids) {
        return everyone.stream().filter(server -> ids.contains(server.id())).toList();
    }

    public int majority() {
        return members.size() / 2 + 1;
    }

    public String grpc(int number) {
        return hosts.address(number) + ":" + PORTS.get(1);
    }

    /** A client that begins with one of the members, the first or another, and knows the others. */
    public EventStore client(int first, Duration requestTimeout) {
        List<String> endpoints = new ArrayList<>(
                all().stream().map(server -> grpc(server.number())).toList());
        Collections.rotate(endpoints, 1 - first);
        return EventStore.builder()
                .endpoints(endpoints)
                .requestTimeout(requestTimeout)
                .build();
    }

    /** The cluster as a node sees it; empty when it does not say within a second. */
    public Optional<JsonNode> view(Server server) throws InterruptedException {
        if (!server.isAlive()) {
            return Optional.empty();
        }
        try {
            HttpResponse<String> response = http.send(
                    request(server, "/v1/cluster", "application/json", GLANCE), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private HttpRequest request(Server server, String path, String accept, Duration patience) {
        return HttpRequest.newBuilder(
                        URI.create("http://" + hosts.address(server.number()) + ":" + PORTS.get(2) + path))
                .timeout(patience)
                .header("Accept", accept)
                .build();
    }

    /** Whether a node says that it is ready. */
    public boolean isReady(Server server) throws InterruptedException {
        try {
            return server.isAlive()
                    && http.send(
                                            request(server, "/healthz/ready", "*/*", GLANCE),
                                            HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until all nodes are ready; says whether they are. */
    public boolean awaitReady(Duration atMost) throws Exception {
        return Patience.until(atMost, () -> {
            for (Server server : members) {
                if (!isReady(server)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** The leader that most nodes agree on; empty when they don't. */
    public Optional<Server> leader() throws InterruptedException {
        Map<String, Integer> votes = new TreeMap<>();
        for (Server server : members) {
            view(server).ifPresent(view -> votes.merge(host(view.path("leader").asText()), 1, Integer::sum));
        }
        return members.stream()
                .filter(server -> votes.getOrDefault(server.id(), 0) >= Math.min(majority(), 2))
                .findFirst();
    }

    /** The leader; waits for one, and takes the first node when there is none. */
    public Server leaderOrAny() throws Exception {
        List<Server> found = new ArrayList<>();
        Patience.until(Duration.ofSeconds(10), () -> {
            leader().ifPresent(found::add);
            return !found.isEmpty();
        });
        return found.isEmpty() ? members.get(0) : found.get(0);
    }

    /** Raft's term as a node sees it; -1 when it does not say. */
    public long term(Server server) throws InterruptedException {
        return view(server).map(view -> view.path("term").asLong(-1)).orElse(-1L);
    }

    /**
     * What one node holds of a topic on its own disk, once it has got as far as a position: NDJSON, one event a line. The
     * caller closes it.
     */
    public InputStream events(Server server, String topic, long atLeast) throws IOException, InterruptedException {
        String path = "/v1/topics/" + topic + "/events?from=1&consistency=local&at_least=" + atLeast;
        HttpResponse<InputStream> response = http.send(
                request(server, path, "application/x-ndjson", Duration.ofSeconds(60)),
                HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw new IOException(server.id() + " answers " + response.statusCode() + ": "
                        + new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return response.body();
    }
}
