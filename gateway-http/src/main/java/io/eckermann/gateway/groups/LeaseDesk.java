package io.eckermann.gateway.groups;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.groups.GroupWrites.Found;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.LeaseResponse.Idle;
import io.eckermann.protocol.v1.LeasedEvent;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.HeadSignal;
import io.eckermann.statemachine.log.v1.Ahead;
import io.eckermann.statemachine.log.v1.Grant;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.LeaseEvents;
import io.eckermann.statemachine.log.v1.Leased;
import io.eckermann.statemachine.log.v1.SettleLeases;
import io.eckermann.statemachine.store.v1.GroupStateRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where those wait who lease from one group at this node. They are asked for together, by one command at a time: at first when
 * somebody comes, and then when there is news of the topic or the group, or when a lease ends. Safe from any thread.
 */
final class LeaseDesk {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseDesk.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int WISHES_MAX = 64;
    private static final int EVENTS_MAX = 4_000;
    private static final long ANSWER_BYTES_MAX = 4L << 20;
    /** The leader's clock and ours differ a little. */
    private static final long DUE_MS_MIN = 20;
    /** So far it may fall behind when it passes over events that do not match, before it says so. */
    private static final long PASSED_MAX = 10_000;

    private final GroupShard shard;
    private final GroupWrites writes;
    private final String topic;
    private final GroupState group;

    // Guarded by this.
    private final List<Wish> waiting = new ArrayList<>();
    private final List<HeadSignal.Listener> listeners = new ArrayList<>();
    private boolean asking;
    private boolean news;
    private boolean due;
    private @Nullable Future<?> alarm;

    LeaseDesk(GroupShard shard, GroupWrites writes, Found found) {
        this.shard = shard;
        this.writes = writes;
        this.topic = found.topic().name();
        this.group = found.group();
    }

    void add(Wish wish, long waitMs) {
        synchronized (this) {
            if (listeners.isEmpty()) {
                listeners.add(shard.shard().heads().listen(group.topicId(), this::wake));
                listeners.add(shard.news().listen(group.id(), this::wake));
            }
            waiting.add(wish);
            news = true;
        }
        try {
            Future<?> timeUp = shard.timer().schedule(() -> timeUp(wish), waitMs, TimeUnit.MILLISECONDS);
            synchronized (this) {
                wish.alarm = timeUp;
            }
        } catch (RejectedExecutionException e) {
            fail(List.of(wish), new StoreException(ErrorCode.NOT_READY, "The node is stopping; ask another one."));
            return;
        }
        ask();
    }

    /** How many wait. */
    synchronized int size() {
        return waiting.size();
    }

    private void wake() {
        synchronized (this) {
            news = true;
        }
        ask();
    }

    private void dueNow() {
        synchronized (this) {
            due = true;
            alarm = null;
        }
        wake();
    }

    private void timeUp(Wish wish) {
        synchronized (this) {
            // A first question is always waited for: without it, nothing is known.
            if (wish.asked || (wish.fresh && waiting.contains(wish))) {
                wish.late = true;
                return;
            }
            waiting.remove(wish);
        }
        finish(wish);
        wish.answer.complete(wish.nothing());
    }

    private void ask() {
        List<Wish> asked = new ArrayList<>();
        synchronized (this) {
            waiting.removeIf(wish -> !wish.asked && wish.answer.isDone());
            if (waiting.isEmpty() && !asking) {
                leave();
            }
            if (asking || !news || waiting.isEmpty()) {
                return;
            }
            int events = 0;
            for (Wish wish : waiting) {
                if (asked.size() == WISHES_MAX || events >= EVENTS_MAX) {
                    break;
                }
                wish.asked = true;
                events += wish.wish.getMax();
                asked.add(wish);
            }
            asking = true;
            news = false;
        }
        try {
            shard.reads().execute(() -> propose(asked));
        } catch (RejectedExecutionException | StoreException e) {
            answered(asked, null, Failures.storeException(e));
        }
    }

    private void leave() {
        listeners.forEach(HeadSignal.Listener::close);
        listeners.clear();
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void propose(List<Wish> asked) {
        try {
            Found found = writes.require(topic, group.name());
            if (found.group().id() != group.id()) {
                throw new StoreException(ErrorCode.GROUP_NOT_FOUND, "The group was deleted.")
                        .with("group", group.name());
            }
            int wanted = asked.stream().mapToInt(wish -> wish.wish.getMax()).sum();
            Ahead ahead = NewEvents.of(
                    shard.shard().view(),
                    found.topic(),
                    found.group().row().getSettings(),
                    found.group().state().getNext(),
                    wanted);
            if (!isWorthwhile(asked, found, ahead)) {
                answered(asked, Leased.getDefaultInstance(), null);
                return;
            }
            LeaseEvents.Builder lease = LeaseEvents.newBuilder().setAhead(ahead);
            asked.forEach(wish -> lease.addWishes(wish.wish));
            Failures.whenDone(
                    shard.shard()
                            .writes()
                            .submit(
                                    GroupWrites.operation(
                                            group, GroupChange.newBuilder().setLease(lease)),
                                    TIMEOUT)
                            .thenApplyAsync(
                                    result -> GroupWrites.outcome(result, topic, group.name())
                                            .getLeased(),
                                    shard.reads()),
                    leased -> answered(asked, leased, null),
                    failure -> answered(asked, null, failure));
        } catch (RuntimeException e) {
            answered(asked, null, Failures.storeException(e));
        }
    }

    /** Whether a command could bring somebody something, or tell those who came just now what is the case. */
    private boolean isWorthwhile(List<Wish> asked, Found found, Ahead ahead) {
        boolean anyFresh = asked.stream().anyMatch(wish -> wish.fresh);
        boolean isDue;
        synchronized (this) {
            isDue = due;
            due = false;
        }
        long next = found.group().state().getNext();
        boolean hasNew = ahead.getEvery() ? next <= ahead.getThrough() : ahead.getStepsCount() > 0;
        boolean hasSome = hasNew || found.group().state().getReady() > 0 || ahead.getThrough() - next >= PASSED_MAX;
        return anyFresh || isDue || (hasSome && mayLease(asked, found.group()));
    }

    /** Whether nothing is in the way, as far as is known here; when that changes, there is news. */
    private boolean mayLease(List<Wish> asked, GroupState now) {
        GroupStateRow state = now.state();
        GroupSettings settings = now.row().getSettings();
        boolean isHeld = settings.getExclusive()
                && state.getOwnerUntilNs() > shard.nowNs()
                && asked.stream().noneMatch(wish -> wish.wish.getMember().equals(state.getOwner()));
        return !state.getPaused() && !isHeld && state.getLeased() < settings.getInFlightMax();
    }

    /** Takes the answer to one question; the others that wait are asked for next, when there may be more. */
    private void answered(List<Wish> asked, @Nullable Leased leased, @Nullable StoreException failure) {
        Map<Wish, Grant> granted = new HashMap<>();
        List<Wish> over = new ArrayList<>();
        synchronized (this) {
            asking = false;
            for (int i = 0; i < asked.size(); i++) {
                Wish wish = asked.get(i);
                wish.fresh = false;
                if (leased != null && i < leased.getGrantsCount()) {
                    Grant grant = leased.getGrants(i);
                    wish.idle = grant.getIdle();
                    if (grant.getToken() > 0) {
                        granted.put(wish, grant);
                    }
                }
                // Who is given something is not told meanwhile that there is nothing.
                wish.asked = granted.containsKey(wish);
                if (failure != null || wish.late || granted.containsKey(wish)) {
                    over.add(wish);
                }
            }
            waiting.removeAll(over);
            news |= !granted.isEmpty() || waiting.stream().anyMatch(wish -> wish.fresh);
            if (leased != null && leased.getDueNs() > 0 && !waiting.isEmpty()) {
                setAlarm(leased.getDueNs());
            }
        }
        if (failure != null) {
            fail(over, failure);
        } else {
            over.forEach(wish -> {
                Grant grant = granted.get(wish);
                if (grant == null) {
                    finish(wish);
                    wish.answer.complete(wish.nothing());
                } else {
                    deliver(wish, grant);
                }
            });
        }
        ask();
    }

    private void setAlarm(long dueNs) {
        if (alarm != null) {
            alarm.cancel(false);
        }
        long delayMs = Math.max(DUE_MS_MIN, (dueNs - shard.nowNs()) / 1_000_000 + 1);
        try {
            alarm = shard.timer().schedule(this::dueNow, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The node is stopping, so nobody is told when a lease ends.");
        }
    }

    private static void fail(List<Wish> wishes, StoreException failure) {
        for (Wish wish : wishes) {
            finish(wish);
            wish.answer.completeExceptionally(failure);
        }
    }

    private static void finish(Wish wish) {
        Future<?> timeUp = wish.alarm;
        if (timeUp != null) {
            timeUp.cancel(false);
        }
    }

    /** Reads what was leased, here, and waits until it is visible here. */
    private void deliver(Wish wish, Grant grant) {
        long last = grant.getPositions(grant.getPositionsCount() - 1);
        long head = shard.shard()
                .view()
                .topic(group.topicId())
                .map(now -> now.head())
                .orElse(0L);
        CompletableFuture<Void> visible = head >= last
                ? CompletableFuture.completedFuture(null)
                : shard.shard().barrier().linearizable(TIMEOUT);
        Failures.whenDone(
                visible.thenApplyAsync(
                        fresh -> StoredEvents.read(
                                shard.shard().view(), group.topicId(), grant.getPositionsList(), ANSWER_BYTES_MAX),
                        shard.reads()),
                stored -> deliver(wish, grant, stored),
                failure -> {
                    giveBack(grant, List.of(), Settlement.Action.RELEASE);
                    fail(List.of(wish), failure);
                });
    }

    private void deliver(Wish wish, Grant grant, StoredEvents stored) {
        // What is gone is done with, and what would make the answer too large is for the next one.
        giveBackAny(grant, stored.missing(), Settlement.Action.ACK);
        giveBackAny(grant, cut(grant, stored), Settlement.Action.RELEASE);
        if (stored.found().isEmpty()) {
            again(wish);
            return;
        }
        LeaseResponse.Builder response =
                LeaseResponse.newBuilder().setToken(grant.getToken()).setUntilNs(grant.getUntilNs());
        int at = 0;
        for (RecordedEvent event : stored.found()) {
            while (grant.getPositions(at) != event.getPosition()) {
                at++;
            }
            response.addEvents(LeasedEvent.newBuilder().setEvent(event).setAttempts(grant.getAttempts(at)));
        }
        finish(wish);
        if (!wish.answer.complete(response.build())) {
            giveBack(grant, List.of(), Settlement.Action.RELEASE);
        }
    }

    private static List<Long> cut(Grant grant, StoredEvents stored) {
        return stored.cutAt() == 0
                ? List.of()
                : grant.getPositionsList().stream()
                        .filter(position ->
                                position >= stored.cutAt() && !stored.missing().contains(position))
                        .toList();
    }

    private void again(Wish wish) {
        boolean isOver;
        synchronized (this) {
            isOver = wish.late || wish.alarm == null || wish.alarm.isDone();
            wish.asked = false;
            if (!isOver) {
                waiting.add(0, wish);
                news = true;
            }
        }
        if (isOver) {
            wish.idle = Idle.NOTHING_NEW;
            wish.answer.complete(wish.nothing());
        } else {
            ask();
        }
    }

    private void giveBackAny(Grant grant, List<Long> positions, Settlement.Action action) {
        if (!positions.isEmpty()) {
            giveBack(grant, positions, action);
        }
    }

    private void giveBack(Grant grant, List<Long> positions, Settlement.Action action) {
        SettleLeases.Builder settle = SettleLeases.newBuilder()
                .addSettlements(Settlement.newBuilder()
                        .setToken(grant.getToken())
                        .addAllPositions(positions)
                        .setAction(action));
        CompletableFuture<?> unused = shard.shard()
                .writes()
                .submit(
                        GroupWrites.operation(group, GroupChange.newBuilder().setSettle(settle)),
                        Deadline.after(TIMEOUT).remaining())
                .exceptionally(failure -> {
                    LOG.info(
                            "Events could not be given back to a group, so they wait until their lease ends: {}",
                            failure.toString());
                    return null;
                });
    }
}
