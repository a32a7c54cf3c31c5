package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk has spoilt is found, and comes back from nodes that have it whole. */
final class ScrubTest {
    private static final int EVENTS = 60;

    @TempDir
    Path root;

    private final Random random = new Random(1);

    @Test
    void damagedSegmentsAreMendedFromSoundReplicasAndNotFromDamagedOnes() throws Exception {
        try (TestCluster cluster = new TestCluster(
                root,
                3,
                "raft.segment-size=1MiB",
                "raft.entries-kept=1",
                "raft.snapshot-interval=1h",
                "scavenge.interval=1h",
                "read.tail-cache=0B",
                "scrub.speed=1GiB")) {
            cluster.startAll();
            fill(cluster);
            for (String id : cluster.ids()) {
                cluster.running(id).log().takeSnapshot().get(60, TimeUnit.SECONDS);
            }
            // The first that is asked has the same place spoilt.
            flip(largest(cluster, "n1"));
            flip(largest(cluster, "n2"));
            assertThatThrownBy(() -> read(cluster, "n2")).isInstanceOf(StatusRuntimeException.class);

            assertThat(scrub(cluster, "n2").getMended()).isEqualTo(1);
            assertThat(read(cluster, "n2")).isEqualTo(EVENTS);

            assertThat(scrub(cluster, "n1").getDamaged()).isEqualTo(1);
            assertThat(read(cluster, "n1")).isEqualTo(EVENTS);
            long at = StateComparisonTest.compare(cluster);
            assertThat(StateComparisonTest.verdicts(cluster, "n1", at)).containsOnly(StateDigestView.Verdict.AGREES);
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private static ScrubView scrub(TestCluster cluster, String node) throws Exception {
        assertThat(ClusterGrpc.newBlockingStub(cluster.channel("n3"))
                        .scrub(ScrubRequest.newBuilder().setNode(node).build())
                        .getNodesList())
                .containsExactly(node);
        Await.until("everything is read", () -> {
            ScrubView view = view(cluster, node);
            return view.getSegments() > 0
                    && view.getState() == ScrubView.State.IDLE
                    && view.getSegmentsDone() == view.getSegments();
        });
        return view(cluster, node);
    }

    private static ScrubView view(TestCluster cluster, String node) {
        return cluster.view(node).getNodesList().stream()
                .filter(each -> each.getId().equals(node))
                .findFirst()
                .orElseThrow()
                .getScrub();
    }

    private void fill(TestCluster cluster) throws Exception {
        TopicsGrpc.newBlockingStub(cluster.channel("n1"))
                .createTopic(CreateTopicRequest.newBuilder().setName("orders").build());
        var log = LogGrpc.newBlockingStub(cluster.channel(cluster.awaitLeader()));
        for (int i = 0; i < EVENTS; i++) {
            byte[] payload = new byte[80_000];
            random.nextBytes(payload);
            log.append(AppendRequest.newBuilder()
                    .setTopic("orders")
                    .setEvents(
                            Events.newBuilder().addEvents(Event.newBuilder().setPayload(ByteString.copyFrom(payload))))
                    .build());
        }
        for (String id : cluster.ids()) {
            Await.until(id + " has all", () -> read(cluster, id) == EVENTS);
        }
    }

    /** How many events a node reads from its own disk. */
    private static int read(TestCluster cluster, String node) {
        Iterator<ReadFrame> frames = LogGrpc.newBlockingStub(cluster.channel(node))
                .read(ReadRequest.newBuilder()
                        .setTopic("orders")
                        .setFrom(1)
                        .setConsistency(Consistency.LOCAL)
                        .build());
        int events = 0;
        while (frames.hasNext()) {
            events += frames.next().getEvents().getEventsCount();
        }
        return events;
    }

    private static Path largest(TestCluster cluster, String node) throws IOException {
        try (var files = Files.list(cluster.dataDirectory(node).resolve("state/kept"))) {
            return files.filter(file -> file.toString().endsWith(".segment"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flip(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            long middle = 300_000;
            channel.read(one, middle);
            one.put(0, (byte) (one.get(0) ^ 1));
            channel.write(one.rewind(), middle);
        }
    }
}
