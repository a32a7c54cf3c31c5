package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.Readiness;
import io.eckermann.raftlog.Leadership;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the doors, the log lines and who waits when this node becomes ready or ceases to be. Runs on the timer. */
final class ReadyWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyWatch.class);

    private static final String CATCHING_UP = "catching up";
    private static final Duration BARRIER_TIMEOUT = Duration.ofSeconds(10);
    private static final Executor NOT_AT_ONCE = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);

    private final Readiness readiness;
    private final NodeShards shards;
    private final Consumer<Boolean> serving;
    private final Supplier<Optional<String>> diskProblem;
    private final Supplier<CompletableFuture<Void>> handLeadershipOn;
    private final CompletableFuture<Void> ready;

    private String lastReason = "starting";
    private final Map<Integer, String> lastRoles = new HashMap<>();
    private CompletableFuture<?> handingOn = CompletableFuture.completedFuture(null);
    private CompletableFuture<Void> caughtUp = CompletableFuture.completedFuture(null);
    private volatile boolean hasCaughtUp;

    /** @param diskProblem in words, when one of the others had better lead for this node's disk */
    ReadyWatch(
            Readiness readiness,
            NodeShards shards,
            Consumer<Boolean> serving,
            Supplier<Optional<String>> diskProblem,
            Supplier<CompletableFuture<Void>> handLeadershipOn,
            CompletableFuture<Void> ready) {
        this.readiness = readiness;
        this.shards = shards;
        this.serving = serving;
        this.diskProblem = diskProblem;
        this.handLeadershipOn = handLeadershipOn;
        this.ready = ready;
        readiness.phase(CATCHING_UP);
    }

    /** The node stays unready until it has applied all that was acknowledged before it started. */
    private void catchUp() {
        if (caughtUp.isDone() && !hasCaughtUp) {
            caughtUp = shards.linearizable(BARRIER_TIMEOUT).thenRun(() -> {
                hasCaughtUp = true;
                readiness.endPhase(CATCHING_UP);
            });
        }
    }

    /** Looks at everything once. */
    void look() {
        catchUp();
        List<Leadership> all = shards.leaderships();
        for (int shard = 0; shard < all.size(); shard++) {
            noteRole(shard, all.get(shard));
        }
        passOn(all.stream().anyMatch(each -> each.role() == Leadership.Role.LEADER));
        String reason = readiness.notReadyReason().orElse("");
        if (reason.equals(lastReason)) {
            return;
        }
        boolean isReady = reason.isEmpty();
        if (isReady) {
            LOG.info("Ready");
        } else {
            LOG.warn("Not ready: {}", reason);
        }
        lastReason = reason;
        serving.accept(isReady);
        if (isReady) {
            ready.complete(null);
        }
    }

    private void noteRole(int shard, Leadership now) {
        String role = now.role() + " in term " + now.term() + ", leader " + now.leader();
        if (!role.equals(lastRoles.put(shard, role))) {
            LOG.info("This node is {}{}", role, shards.all().size() == 1 ? "" : ", in shard " + shard);
        }
    }

    private void passOn(boolean leads) {
        if (!leads || !handingOn.isDone()) {
            return;
        }
        if (readiness.isClockOff()) {
            LOG.warn("Handing leadership on because of the clock");
            handingOn = handLeadershipOn.get();
        } else if (readiness.isDraining()) {
            LOG.info("Handing leadership on because this node is draining");
            handingOn = handLeadershipOn.get();
        } else {
            diskProblem.get().ifPresent(this::handOnForDisk);
        }
    }

    /** Others may come not to take it, or be no better off; and while this node leads nothing is worse than it is. */
    private void handOnForDisk(String problem) {
        LOG.warn("Handing leadership on because the disk {}", problem);
        handingOn = handLeadershipOn.get().handleAsync((done, failure) -> null, NOT_AT_ONCE);
    }
}
