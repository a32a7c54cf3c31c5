package io.eckermann.gateway.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.internal.v1.FetchSnapshotRequest;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.protocol.internal.v1.SnapshotPart;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.chunk.BodyOffsets;
import io.eckermann.statemachine.chunk.FileLinks;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.storage.DurableFiles;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot from a real sender, over a wire that damages it. */
final class SnapshotDownloadTest {
    private static final RaftIndex AT = new RaftIndex(3, 77);
    private static final byte[] LARGE = new byte[700_000];

    @TempDir
    Path root;

    private final ExecutorService sending = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private volatile UnaryOperator<@Nullable SnapshotPart> wire = UnaryOperator.identity();
    private final List<String> verified = new CopyOnWriteArrayList<>();
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private volatile long speed;
    private volatile String rotten = "";
    private int downloads;
    private long keptHere = -1;

    @SuppressWarnings("NullAway.Init") // started before each test
    private Server server;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private PeerChannels channels;

    @SuppressWarnings("NullAway.Init") // made before each test
    private SnapshotDownload download;

    @BeforeEach
    void start() throws Exception {
        new Random(1).nextBytes(LARGE);
        Path files = Files.createDirectories(root.resolve("snapshot"));
        Files.write(files.resolve("000012.sst"), LARGE);
        Files.write(files.resolve("CURRENT"), new byte[] {1, 2, 3});
        Files.write(files.resolve("EMPTY"), new byte[0]);
        SnapshotSender unhurried = sender(files, 0);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new PeersGrpc.PeersImplBase() {
                    @Override
                    public void fetchSnapshot(FetchSnapshotRequest request, StreamObserver<SnapshotPart> observer) {
                        SnapshotSender sender = speed == 0 ? unhurried : sender(files, speed);
                        sender.send(request, (ServerCallStreamObserver<SnapshotPart>) observer);
                    }
                })
                .intercept(new Wire())
                .build()
                .start();
        HostPort here = new HostPort("127.0.0.1", server.getPort());
        channels = new PeerChannels(
                new Members(new Peer("n1", here, here, here), List.of(new Peer("n2", here, here, here))),
                Runnable::run,
                null);
        download = new SnapshotDownload("eckermann", channels, timer);
    }

    private SnapshotSender sender(Path files, long bytesPerSecond) {
        return new SnapshotSender(
                "eckermann",
                directory -> linked(files, directory),
                this::verify,
                root.resolve("pins"),
                sending,
                bytesPerSecond);
    }

    private static Snapshot linked(Path files, Path directory) throws IOException {
        for (Path file : DurableFiles.list(files)) {
            Files.createLink(directory.resolve(file.getFileName()), file);
        }
        return new Snapshot(AT, files);
    }

    @AfterEach
    void stop() throws Exception {
        channels.close();
        assertThat(server.shutdownNow().awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        sending.shutdownNow();
        timer.shutdownNow();
    }

    @Test
    void allFilesArriveAsTheyAre() throws Exception {
        assertComplete();
    }

    @Test
    void onlySegmentsThatTheReceiverLacksAreSentAndOnlyTheirOwnBytes() throws Exception {
        addSegments();

        keptHere = 9;
        assertComplete();

        Path into = root.resolve("incoming-" + downloads);
        assertThat(into.resolve("0-9.segment")).doesNotExist();
        assertThat(into.resolve("0-9.bodies")).doesNotExist();
        assertThat(Files.readAllBytes(into.resolve("10-77.segment"))).isEqualTo(Arrays.copyOf(LARGE, 500_000));
        assertThat(into.resolve("10-77.bodies")).exists();
        assertThat(into.resolve("segments")).hasContent("0 9 700000\n10 77 500000\n");
        assertThat(verified).containsExactly("10-77.segment");
    }

    @Test
    void damagedSegmentIsNotSentAndNotReadAgainForWhoAsksAgainUntilItIsRestored() throws Exception {
        addSegments();
        rotten = "10-77.segment";
        for (int tries = 0; tries < 3; tries++) {
            assertThatThrownBy(this::fetch)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("DATA_LOSS")
                    .hasMessageContaining("10-77.segment is damaged");
            assertThat(root.resolve("incoming-" + downloads).resolve("10-77.segment"))
                    .doesNotExist();
        }
        assertThat(verified).containsOnlyOnce("10-77.segment");

        keptHere = 77;
        assertComplete();
        keptHere = 9;
        rotten = "";
        assertThatThrownBy(this::fetch).hasMessageContaining("10-77.segment is damaged");
        Path restored = root.resolve("snapshot").resolve("10-77.segment");
        Files.setLastModifiedTime(restored, FileTime.fromMillis(0));
        assertComplete();
    }

    @Test
    void flippedByteIsNoticedAndARetryWorks() throws Exception {
        wire = part -> part.getFile().equals("000012.sst") && part.getOffset() == 256 << 10 && !part.hasFileCrc32C()
                ? part.toBuilder().setData(flipped(part.getData())).build()
                : part;

        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("000012.sst");

        wire = UnaryOperator.identity();
        assertComplete();
    }

    @Test
    void missingPartIsNoticed() {
        wire = part -> part.getFile().equals("000012.sst") && part.getOffset() == 256 << 10 ? null : part;

        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("out of order");
    }

    @Test
    void missingFileIsNoticed() {
        wire = part -> part.getFile().equals("CURRENT") ? null : part;

        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("too early");
    }

    @Test
    void cutStreamIsNoticedAndARetryWorks() throws Exception {
        wire = part -> {
            if (part.getOffset() > 0) {
                throw Status.UNAVAILABLE.withDescription("cut").asRuntimeException();
            }
            return part;
        };

        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("did not come");

        wire = UnaryOperator.identity();
        assertComplete();
    }

    @Test
    void whatCameBeforeACutIsNotSentAgain() throws Exception {
        addSegments();
        // Everything of the first segment and of the index comes; of the second only a part.
        wire = part -> {
            if (part.getFile().equals("10-77.segment") && part.getOffset() > 0) {
                throw Status.UNAVAILABLE.withDescription("cut").asRuntimeException();
            }
            sent.add(part.getFile());
            return part;
        };
        Path into = Files.createDirectories(root.resolve("incoming-" + ++downloads));
        assertThatThrownBy(() -> download.fetch("n2", 70, keptHere, into, () -> true))
                .hasMessageContaining("did not come");
        assertThat(into.resolve("000012.sst")).exists();
        assertThat(into.resolve("10-77.segment")).doesNotExist();
        // What is here must be what the sender has: else it is sent.
        Files.write(into.resolve("CURRENT"), new byte[] {3, 2, 1});
        Files.write(into.resolve("000011.sst"), new byte[] {1});

        sent.clear();
        wire = part -> {
            sent.add(part.getFile());
            return part;
        };
        assertThat(download.fetch("n2", 70, keptHere, into, () -> true)).isEqualTo(AT);
        assertThat(sent)
                .contains("10-77.segment", "CURRENT")
                .doesNotContain("000012.sst", "0-9.segment", "10-77.bodies");
        assertThat(Files.readAllBytes(into.resolve("000012.sst"))).isEqualTo(LARGE);
        assertThat(Files.readAllBytes(into.resolve("CURRENT"))).containsExactly(1, 2, 3);
        assertThat(into.resolve("000011.sst")).doesNotExist();
        assertThat(Files.readAllBytes(into.resolve("10-77.segment"))).isEqualTo(Arrays.copyOf(LARGE, 500_000));
    }

    @Test
    @Timeout(20)
    void whatIsNotWantedAnyMoreIsGivenUpThoughTheOtherNodeSaysNothing() throws Exception {
        AtomicBoolean wanted = new AtomicBoolean(true);
        CountDownLatch ended = new CountDownLatch(1);
        wire = part -> {
            // From here on as if it were cut off; and then another node leads.
            wanted.set(false);
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return part;
        };
        Path into = Files.createDirectories(root.resolve("incoming-" + ++downloads));
        try {
            assertThatThrownBy(() -> download.fetch("n2", 70, keptHere, into, wanted::get))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("did not come");
        } finally {
            ended.countDown();
        }
    }

    @Test
    void aSnapshotIsSentAtThePaceThatIsSet() throws Exception {
        speed = LARGE.length;
        long beginNs = System.nanoTime();
        assertComplete();
        // The last part waits until those before it have had their time.
        assertThat(System.nanoTime() - beginNs).isGreaterThan(500_000_000L);
    }

    @Test
    void fileOutsideOfTheDirectoryIsRefused() {
        wire = part -> part.getFile().isEmpty()
                ? part
                : part.toBuilder().setFile("../" + part.getFile()).build();

        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("can't hold a file named");
        assertThat(root.resolve("000012.sst")).doesNotExist();
    }

    @Test
    void anotherClustersSnapshotIsNotTaken() {
        download = new SnapshotDownload("other", channels, timer);

        assertThatThrownBy(this::fetch).isInstanceOf(IOException.class).hasMessageContaining("cluster eckermann");
    }

    private void addSegments() throws IOException {
        try (KeptSegments kept = KeptSegments.open(root.resolve("kept"), FileLinks.HARD)) {
            Path log = Files.write(root.resolve("log"), LARGE);
            kept.keep(log, new KeptSegment(0, 9, LARGE.length), new BodyOffsets(0));
            kept.keep(log, new KeptSegment(10, 77, 500_000), new BodyOffsets(10));
            kept.layOut(root.resolve("snapshot"));
        }
    }

    private void verify(Path segment) throws IOException {
        if (!KeptSegment.isData(segment)) {
            return;
        }
        assertThat(segment.resolveSibling(segment.getFileName().toString().replace(".segment", ".bodies")))
                .exists();
        verified.add(segment.getFileName().toString());
        if (segment.endsWith(rotten)) {
            throw new IOException("rotten");
        }
    }

    private void assertComplete() throws IOException {
        Path into = root.resolve("incoming-" + (downloads + 1));
        assertThat(fetch()).isEqualTo(AT);
        assertThat(Files.readAllBytes(into.resolve("000012.sst"))).isEqualTo(LARGE);
        assertThat(Files.readAllBytes(into.resolve("CURRENT"))).containsExactly(1, 2, 3);
        assertThat(Files.readAllBytes(into.resolve("EMPTY"))).isEmpty();
    }

    /** Into an empty directory each time, as the state machine gives. */
    private RaftIndex fetch() throws IOException {
        return download.fetch(
                "n2", 70, keptHere, Files.createDirectories(root.resolve("incoming-" + ++downloads)), () -> true);
    }

    private static ByteString flipped(ByteString data) {
        byte[] bytes = data.toByteArray();
        bytes[bytes.length / 2] ^= 1;
        return ByteString.copyFrom(bytes);
    }

    /** Changes or drops what is sent. */
    private final class Wire implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        @SuppressWarnings("unchecked") // the only method served sends parts
                        public void sendMessage(A message) {
                            SnapshotPart part = wire.apply((SnapshotPart) message);
                            if (part != null) {
                                super.sendMessage((A) part);
                            }
                        }
                    },
                    headers);
        }
    }
}
