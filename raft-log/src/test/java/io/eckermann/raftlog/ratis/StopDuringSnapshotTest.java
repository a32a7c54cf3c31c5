package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.RaftConfig;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.chunk.BodyLog;
import io.eckermann.statemachine.chunk.ChunkAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StopDuringSnapshotTest {
    @TempDir
    Path directory;

    @Test
    void snapshotThatFailsWhileTheNodeStopsIsNoFault() throws Exception {
        List<String> stops = new CopyOnWriteArrayList<>();
        try (StateMachine state = StateMachine.open(directory.resolve("state"))) {
            RatisLog log = new RatisLog(
                    RaftConfig.of(
                                    "n1",
                                    List.of(new Member("n1", "127.0.0.1:" + WrittenLog.freePort())),
                                    "test",
                                    directory.resolve("raft"))
                            .withBindHost("127.0.0.1"),
                    state,
                    (nodeId, least, kept, into, wanted) -> {
                        throw new IOException("nobody to fetch from");
                    },
                    (reason, cause) -> stops.add(reason),
                    TestCluster::nowNs);
            HeldUp held = new HeldUp();
            CompletableFuture<Void> closed;
            try {
                log.start();
                Await.until("leadership", () -> log.leadership().leaderReady());
                state.attach(held);
                CompletableFuture<Long> snapshot = log.takeSnapshot();
                assertThat(held.reached.await(60, TimeUnit.SECONDS)).isTrue();
                closed = CompletableFuture.runAsync(log::close);
                Await.until("the stop", () -> log.leadership().role() == Leadership.Role.CLOSED);
                held.goOn.countDown();
                closed.get(60, TimeUnit.SECONDS);
                assertThatThrownBy(() -> snapshot.get(60, TimeUnit.SECONDS)).hasRootCauseMessage("cut off");
            } finally {
                held.goOn.countDown();
                log.close();
            }
        }
        assertThat(stops).isEmpty();
    }

    @Test
    void workThatMustEndIsNotInterrupted() throws Exception {
        ExecutorService keeper = Threads.single("keeper");
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean ended = new AtomicBoolean();
        keeper.execute(() -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
            ended.set(true);
        });
        Thread stopping = new Thread(() -> Threads.finish(keeper, () -> false));
        stopping.start();
        stopping.interrupt();
        Await.until("the stop", keeper::isShutdown);
        goOn.countDown();
        stopping.join();
        assertThat(ended).isTrue();
        assertThat(interrupted).isFalse();
    }

    private static final class HeldUp implements BodyLog {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);

        @Override
        public void keep(long raftIndex) throws IOException {
            reached.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
            throw new IOException("cut off");
        }

        @Override
        public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
            throw new AssertionError("nobody reads");
        }
    }
}
