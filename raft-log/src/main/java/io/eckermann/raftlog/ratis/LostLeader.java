package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.Member;
import io.eckermann.raftlog.RaftConfig;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the wait for a leader whose process is gone. When the leader's calls break off, this follower tries to connect to
 * it. Only when its machine answers that nobody listens there any more does the follower forget it, once the leader's
 * lease on reads must have run out, and the followers stand for election one after the other, with a pre-vote. A leader
 * that is slow, stopped, or out of reach does not refuse: then the usual timeouts decide.
 *
 * <p>Runs on the given timer; {@link #suspect} on any thread.
 */
final class LostLeader {
    private static final Logger LOG = LoggerFactory.getLogger(LostLeader.class);

    private static final int CONNECT_TIMEOUT_MS = 100;
    /** A dying process closes its connections and its door within moments of each other. */
    private static final long LOOK_EVERY_MS = 10;

    private static final long STAND_EVERY_MS = 120;
    private static final int JITTER_MS = 20;

    private final Supplier<List<Member>> members;
    private final String self;
    private final Duration quiet;
    private final Duration giveUpAfter;
    private final Follower follower;
    private final Predicate<Member> refuses;
    private final ScheduledExecutorService timer;

    /** This node's part in the group. */
    interface Follower {
        /** Whether it follows that leader. */
        boolean follows(String leader);

        /** Forgets it, if it was silent that long. */
        boolean forget(String leader, Duration quiet);

        /** Whether nobody leads, as far as it knows, and it does not stand for election already. */
        boolean isWithoutLeader();

        /** Asks for votes. */
        boolean stand();
    }

    /** A leader that is suspected, and until when that is followed up. */
    private record Suspicion(Member leader, long endNs) {
        boolean isOver() {
            return System.nanoTime() - endNs > 0;
        }
    }

    /** @param members all of them, as of now */
    LostLeader(RaftConfig config, Supplier<List<Member>> members, Follower follower, ScheduledExecutorService timer) {
        this(config, members, follower, LostLeader::refuses, timer);
    }

    LostLeader(
            RaftConfig config,
            Supplier<List<Member>> members,
            Follower follower,
            Predicate<Member> refuses,
            ScheduledExecutorService timer) {
        this.members = members;
        this.self = config.memberId();
        this.quiet = RatisSettings.quietBeforeElection(config.elections());
        this.giveUpAfter = config.elections().timeoutMax().multipliedBy(2);
        this.follower = follower;
        this.refuses = refuses;
        this.timer = timer;
    }

    /** The calls of this member broke off; nothing happens unless it leads. */
    void suspect(String member) {
        members.get().stream()
                .filter(other -> other.id().equals(member) && !member.equals(self))
                .forEach(leader -> {
                    Suspicion suspicion = new Suspicion(leader, System.nanoTime() + giveUpAfter.toNanos());
                    after(0, () -> look(suspicion));
                });
    }

    private void look(Suspicion suspicion) {
        String leader = suspicion.leader().id();
        if (suspicion.isOver() || !follower.follows(leader)) {
            return;
        }
        if (refuses.test(suspicion.leader()) && follower.forget(leader, quiet)) {
            LOG.info("The leader {} is gone: its calls broke off and its port is closed.", leader);
            after(rank(leader) * STAND_EVERY_MS + jitterMs(), () -> stand(suspicion));
        } else {
            after(LOOK_EVERY_MS, () -> look(suspicion));
        }
    }

    /** The followers stand one after the other, so that two do not take each other's votes. */
    private long rank(String leader) {
        return members.get().stream()
                .map(Member::id)
                .filter(id -> !id.equals(leader) && id.compareTo(self) < 0)
                .count();
    }

    private void stand(Suspicion suspicion) {
        if (suspicion.isOver() || !follower.isWithoutLeader() || !refuses.test(suspicion.leader())) {
            return;
        }
        // Refused, for one, while entries are still being written here, and not elected while another has more of them.
        boolean stood = follower.stand();
        after((stood ? STAND_EVERY_MS : LOOK_EVERY_MS) + jitterMs(), () -> stand(suspicion));
    }

    private static long jitterMs() {
        return ThreadLocalRandom.current().nextInt(JITTER_MS);
    }

    private void after(long delayMs, Runnable task) {
        try {
            ScheduledFuture<?> unused = timer.schedule(task, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("This node stops, and does not look for another leader.");
        }
    }

    private static boolean refuses(Member member) {
        String address = member.raftAddress();
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), CONNECT_TIMEOUT_MS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
