package io.eckermann.raftlog.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.raftlog.Await;
import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.RaftConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LostLeaderTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final ScheduledExecutorService timer = Threads.timer("lost-leader-test");
    private final FakeFollower follower = new FakeFollower();
    private ServerSocket door;

    /** Follows n1 until it forgets it, and is elected when it has stood often enough. */
    private static final class FakeFollower implements LostLeader.Follower {
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger stood = new AtomicInteger();
        private volatile String leader = "n1";
        private volatile boolean silent = true;
        private volatile int standsNeeded = 1;

        @Override
        public boolean follows(String other) {
            asked.incrementAndGet();
            return other.equals(leader);
        }

        @Override
        public boolean forget(String other, Duration quiet) {
            if (silent && other.equals(leader)) {
                leader = "";
            }
            return silent;
        }

        @Override
        public boolean isWithoutLeader() {
            return leader.isEmpty();
        }

        @Override
        public boolean stand() {
            if (stood.incrementAndGet() == standsNeeded) {
                leader = "n2";
            }
            return true;
        }
    }

    @BeforeEach
    void openDoor() throws Exception {
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws Exception {
        Threads.stop(timer);
        door.close();
    }

    private LostLeader watch(String self) {
        List<Member> members = List.of(
                new Member("n1", "127.0.0.1:" + door.getLocalPort()),
                new Member("n2", "127.0.0.1:2"),
                new Member("n3", "127.0.0.1:3"));
        RaftConfig config = RaftConfig.of(self, members, "test", Path.of("unused"))
                .withElections(new RaftConfig.Elections(HOUR, HOUR.multipliedBy(2)));
        return new LostLeader(config, config::members, follower, timer);
    }

    private void awaitTimer(int tasks) throws Exception {
        int before = follower.asked.get();
        Await.until("the leader to be looked at", () -> follower.asked.get() >= before + tasks);
    }

    @Test
    void anotherIsElectedWhenTheLeadersDoorIsClosed() throws Exception {
        door.close();
        watch("n2").suspect("n1");
        Await.until("an election", () -> follower.leader.equals("n2"));
        assertThat(follower.stood).hasValue(1);
    }

    @Test
    void aLeaderThatStillListensStaysEvenIfItsCallsBrokeOff() throws Exception {
        watch("n2").suspect("n1");
        awaitTimer(5);
        assertThat(follower.leader).isEqualTo("n1");
        assertThat(follower.stood).hasValue(0);
    }

    @Test
    void aDoorThatClosesLaterIsNoticed() throws Exception {
        watch("n2").suspect("n1");
        awaitTimer(3);
        door.close();
        Await.until("an election", () -> follower.leader.equals("n2"));
    }

    @Test
    void aLeaderThatWasHeardOfIsNotForgottenUntilItWasSilent() throws Exception {
        follower.silent = false;
        door.close();
        watch("n2").suspect("n1");
        awaitTimer(5);
        assertThat(follower.stood).hasValue(0);
        follower.silent = true;
        Await.until("an election", () -> follower.leader.equals("n2"));
    }

    @Test
    void itStandsAgainWhenItWasNotElected() throws Exception {
        follower.standsNeeded = 3;
        door.close();
        watch("n3").suspect("n1");
        Await.until("an election", () -> follower.leader.equals("n2"));
        assertThat(follower.stood).hasValue(3);
    }

    @Test
    void aFollowersBrokenCallMeansNothing() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        LostLeader watch = watch("n2");
        door.close();
        watch.suspect("n3");
        watch.suspect("n2");
        watch.suspect("stranger");
        timer.execute(ran::countDown);
        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(follower.stood).hasValue(0);
        assertThat(follower.leader).isEqualTo("n1");
    }

    @Test
    void aLeadersLeaseEndsBeforeItIsForgotten() {
        RaftConfig config = RaftConfig.of("n1", List.of(new Member("n1", "127.0.0.1:1")), "test", Path.of("unused"));
        RaftProperties properties = RatisSettings.of(config);
        int timeoutMs = RaftServerConfigKeys.Rpc.timeoutMin(properties).toIntExact(TimeUnit.MILLISECONDS);
        long leaseMs = (long) Math.ceil(timeoutMs * RaftServerConfigKeys.Read.leaderLeaseTimeoutRatio(properties));
        assertThat(RatisSettings.quietBeforeElection(config.elections()).toMillis())
                .isGreaterThan(leaseMs + leaseMs / 5)
                .isLessThan(timeoutMs);
    }
}
