package io.eckermann.gateway.node;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CursorsGrpc;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A cluster of three nodes within this process, driven through both doors for some seconds, so that the JVM gets to know
 * the classes and methods of a working node; at its exit it can write them into an archive from which later starts come
 * sooner. Leaves nothing in the directory it is given but its nodes' data.
 */
final class Rehearsal {
    private static final int NODES = 3;
    private static final int DOORS = 3;
    private static final long PATIENCE_S = 120;
    private static final int ROUNDS = 8;
    private static final int APPENDS = 100;
    private static final int PAYLOAD_BYTES = 1_024;
    private static final String TOPIC = "rehearsal";

    private final Path root;
    private final List<Integer> ports;
    private final ByteString payload;

    /** Reserves ports; starts nothing. */
    Rehearsal(Path root) throws IOException {
        this.root = root;
        this.ports = freePorts();
        byte[] bytes = new byte[PAYLOAD_BYTES];
        new Random(1).nextBytes(bytes);
        this.payload = ByteString.copyFrom(bytes);
    }

    /** Plays everything through; returns the topic's head. */
    long play() throws ConfigException, InterruptedException, ExecutionException, TimeoutException, IOException {
        List<Node> nodes = new ArrayList<>();
        try {
            List<CompletableFuture<Void>> ready = new ArrayList<>();
            for (int i = 0; i < NODES; i++) {
                Node node = new Node(config(i), Clock.systemUTC(), (why, cause) -> {
                    throw new IllegalStateException(why, cause);
                });
                nodes.add(node);
                ready.add(start(node).thenCompose(started -> node.ready()));
            }
            CompletableFuture.allOf(ready.toArray(CompletableFuture[]::new)).get(PATIENCE_S, TimeUnit.SECONDS);
            long head = 0;
            for (int i = 0; i < NODES; i++) {
                head = drive(i);
            }
            return head;
        } finally {
            nodes.parallelStream().forEach(Node::close);
        }
    }

    /** On a leader all is done here, on a follower it goes on to the leader: with all three nodes both happen. */
    private long drive(int node) throws InterruptedException, TimeoutException, IOException {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port(node, 1))
                .usePlaintext()
                .build();
        try {
            if (node == 0) {
                TopicsGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(PATIENCE_S, TimeUnit.SECONDS)
                        .createTopic(
                                CreateTopicRequest.newBuilder().setName(TOPIC).build());
            }
            for (int round = 0; round < ROUNDS; round++) {
                appends(channel);
            }
            append(node);
            read(channel, ReadRequest.Format.CHUNKS);
            read(channel, ReadRequest.Format.EVENTS);
            long head = LogGrpc.newBlockingStub(channel)
                    .getHead(GetHeadRequest.newBuilder().setTopic(TOPIC).build())
                    .getHead();
            var unused = CursorsGrpc.newBlockingStub(channel)
                    .commitCursor(CommitCursorRequest.newBuilder()
                            .setConsumer("rehearsal")
                            .setTopic(TOPIC)
                            .setPosition(head)
                            .build());
            get(node, "/v1/topics/" + TOPIC + "/events?last=100", "application/json");
            get(node, "/v1/topics/" + TOPIC + "/events?last=100", "application/x-ndjson");
            get(node, "/v1/cluster", "application/json");
            // Its library takes longer to be loaded than to do its work: the first filter after a start must not wait
            // for it.
            get(node, "/v1/topics/" + TOPIC + "/events?last=10&filter=has(data.n)", "application/json");
            check(node);
            return head;
        } finally {
            channel.shutdownNow().awaitTermination(PATIENCE_S, TimeUnit.SECONDS);
        }
    }

    private void appends(Channel channel) throws InterruptedException, TimeoutException {
        CountDownLatch ended = new CountDownLatch(1);
        StreamObserver<AppendRequest> requests = LogGrpc.newStub(channel).appendStream(new StreamObserver<>() {
            @Override
            public void onNext(AppendResult result) {}

            @Override
            public void onError(Throwable failure) {
                ended.countDown();
            }

            @Override
            public void onCompleted() {
                ended.countDown();
            }
        });
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic(TOPIC)
                .setEvents(Events.newBuilder()
                        .addEvents(Event.newBuilder().setType("Rehearsed").setPayload(payload)))
                .build();
        for (int i = 0; i < APPENDS; i++) {
            requests.onNext(request);
        }
        requests.onCompleted();
        if (!ended.await(PATIENCE_S, TimeUnit.SECONDS)) {
            throw new TimeoutException("The appends of the rehearsal did not end.");
        }
    }

    private static void read(Channel channel, ReadRequest.Format format) {
        LogGrpc.newBlockingStub(channel)
                .withDeadlineAfter(PATIENCE_S, TimeUnit.SECONDS)
                .read(ReadRequest.newBuilder()
                        .setTopic(TOPIC)
                        .setFrom(1)
                        .setFormat(format)
                        .build())
                .forEachRemaining(frame -> {});
    }

    private void append(int node) throws IOException {
        send("POST", node, "/v1/topics/" + TOPIC + "/events", "{\"type\":\"Rehearsed\",\"data\":{\"n\":1}}");
    }

    /** The same for the library of schemas. */
    private void check(int node) throws IOException {
        String schema = "/v1/topics/" + TOPIC + "/schemas/Rehearsed";
        send("PUT", node, schema, "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}");
        send("POST", node, schema + "/check", "{\"n\":1}");
    }

    private void send(String method, int node, String path, String json) throws IOException {
        HttpURLConnection send = connection(node, path);
        send.setRequestMethod(method);
        send.setDoOutput(true);
        send.setRequestProperty("Content-Type", "application/json");
        send.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        drain(send);
    }

    private void get(int node, String path, String accept) throws IOException {
        HttpURLConnection get = connection(node, path);
        get.setRequestProperty("Accept", accept);
        drain(get);
    }

    private HttpURLConnection connection(int node, String path) throws IOException {
        URI uri = URI.create("http://127.0.0.1:" + port(node, 2) + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setReadTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_S));
        return connection;
    }

    private static void drain(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getInputStream()) {
            body.readAllBytes();
        }
    }

    private static CompletableFuture<Void> start(Node node) {
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        node.start();
                        started.complete(null);
                    } catch (StartException | InterruptedException | RuntimeException e) {
                        started.completeExceptionally(e);
                    }
                },
                "start of a node");
        thread.setDaemon(true);
        thread.start();
        return started;
    }

    private NodeConfig config(int node) throws ConfigException {
        List<String> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add("{id: n%d, raft: '127.0.0.1:%d', grpc: '127.0.0.1:%d', http: '127.0.0.1:%d'}"
                    .formatted(i + 1, port(i, 0), port(i, 1), port(i, 2)));
        }
        String id = "n" + (node + 1);
        return NodeConfig.load(
                null,
                Map.of(),
                List.of(
                        "cluster.id=" + TOPIC,
                        "nodes=[" + String.join(", ", nodes) + "]",
                        "node.id=" + id,
                        "node.data-directory=" + root.resolve(id),
                        "disk.free-min=16MiB",
                        // It runs when others want the processor more.
                        "raft.election-timeout-min=3s",
                        "raft.election-timeout-max=5s"));
    }

    private int port(int node, int door) {
        return ports.get(node * DOORS + door);
    }

    /** All are held at once, so none comes twice. */
    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < NODES * DOORS; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
