package io.eckermann.statemachine.group;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.ParkedKey;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.group.GroupKeys.Kind;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.GroupEventRow;
import io.eckermann.statemachine.store.v1.GroupEventRow.Status;
import io.eckermann.statemachine.store.v1.GroupKeyRow;
import io.eckermann.statemachine.store.v1.GroupStateRow;
import io.eckermann.statemachine.store.v1.LeaseRow;
import io.eckermann.statemachine.store.v1.ParkedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** One group's rows while a command changes them; the state is in memory until {@link #save}. Apply thread. */
final class GroupWork {
    private static final byte[] NOTHING = {};
    private static final byte[] OF_LEASE = {0};
    private static final byte[] OF_EVENT = {1};

    /** Is shown what is due. */
    interface DueVisitor {
        /** Returns whether to go on. */
        boolean due(long ns, boolean ofLease, long number);
    }

    private final StoreBatch batch;
    private final GroupState group;
    private final GroupKeys keys;
    final GroupStateRow.Builder state;
    /** The topic's. */
    final long first;

    final long head;
    /** Never goes back for a group. */
    final long nowNs;

    GroupWork(StoreBatch batch, GroupState group, long first, long head, long leaderTimeNs) {
        this.batch = batch;
        this.group = group;
        this.keys = new GroupKeys(group.topicId(), group.id());
        this.state = group.state().toBuilder();
        this.first = first;
        this.head = head;
        this.nowNs = Math.max(leaderTimeNs, state.getTimeNs());
        state.setTimeNs(nowNs);
    }

    GroupSettings settings() {
        return group.row().getSettings();
    }

    boolean isByKey() {
        return settings().getOrdering() == Ordering.BY_KEY;
    }

    boolean parkedHolds() {
        return isByKey() && settings().getParkedKey() == ParkedKey.HOLDS;
    }

    /** Whether somebody could lease something. */
    boolean hasSomething() {
        return !state.getPaused() && (state.getReady() > 0 || state.getNext() <= head);
    }

    void save() {
        GroupTable.saveState(batch, new GroupState(group.topicId(), group.id(), group.row(), state.build()));
    }

    // Events.

    @Nullable
    GroupEventRow event(long position) {
        return find(GroupEventRow.parser(), keys.of(Kind.EVENT, position));
    }

    void put(long position, GroupEventRow row) {
        batch.put(Family.GROUPS, keys.of(Kind.EVENT, position), row.toByteArray());
    }

    /** One that was never looked at before. */
    void putFresh(long position, GroupEventRow row) {
        batch.putFresh(Family.GROUPS, keys.of(Kind.EVENT, position), row.toByteArray());
    }

    void removeEvent(long position) {
        batch.delete(Family.GROUPS, keys.of(Kind.EVENT, position));
    }

    /** The first event behind the floor that is not settled; 0 when there is none. */
    long firstOpen() {
        long[] found = {0};
        batch.ascend(Family.GROUPS, keys.of(Kind.EVENT, state.getFloor() + 1), keys.end(Kind.EVENT), (key, value) -> {
            found[0] = GroupKeys.number(key);
            return false;
        });
        return found[0];
    }

    void makeReady(long position, GroupEventRow.Builder row) {
        put(position, row.setStatus(Status.READY).clearToken().clearDueNs().build());
        batch.put(Family.GROUPS, keys.of(Kind.READY, position), NOTHING);
        state.setReadyFrom(state.getReady() == 0 ? position : Math.min(state.getReadyFrom(), position));
        state.setReady(state.getReady() + 1);
    }

    /** Those that are ready, in rising order, at most so many. */
    List<Long> ready(int max) {
        List<Long> found = new ArrayList<>();
        if (state.getReady() > 0) {
            batch.ascend(
                    Family.GROUPS, keys.of(Kind.READY, state.getReadyFrom()), keys.end(Kind.READY), (key, value) -> {
                        found.add(GroupKeys.number(key));
                        return found.size() < max;
                    });
        }
        return found;
    }

    /** The lowest of those that are ready is so no more. */
    void removeReady(long position) {
        batch.delete(Family.GROUPS, keys.of(Kind.READY, position));
        state.setReady(state.getReady() - 1).setReadyFrom(position + 1);
    }

    // Leases and times.

    @Nullable
    LeaseRow lease(long token) {
        return token < 1 ? null : find(LeaseRow.parser(), keys.of(Kind.LEASE, token));
    }

    void putLease(long token, LeaseRow lease) {
        batch.put(Family.GROUPS, keys.of(Kind.LEASE, token), lease.toByteArray());
    }

    void removeLease(long token, LeaseRow lease) {
        batch.delete(Family.GROUPS, keys.of(Kind.LEASE, token));
        batch.delete(Family.GROUPS, keys.of(Kind.DUE, lease.getUntilNs(), token));
    }

    void leaseEnds(long ns, long token) {
        due(ns, token, OF_LEASE);
    }

    void leaseDoesNotEnd(long ns, long token) {
        batch.delete(Family.GROUPS, keys.of(Kind.DUE, ns, token));
    }

    void delayEnds(long ns, long position) {
        due(ns, position, OF_EVENT);
    }

    private void due(long ns, long number, byte[] of) {
        batch.put(Family.GROUPS, keys.of(Kind.DUE, ns, number), of);
        state.setDueNs(state.getDueNs() == 0 ? ns : Math.min(state.getDueNs(), ns));
    }

    /** Shows what is due from the earliest on, also what is due in the future. */
    void due(DueVisitor visitor) {
        batch.ascend(
                Family.GROUPS,
                keys.of(Kind.DUE, state.getDueNs()),
                keys.end(Kind.DUE),
                (key, value) -> visitor.due(GroupKeys.number(key), value[0] == 0, GroupKeys.lastNumber(key)));
    }

    void removeDue(long ns, long number) {
        batch.delete(Family.GROUPS, keys.of(Kind.DUE, ns, number));
    }

    // Keys.

    GroupKeyRow key(String key) {
        GroupKeyRow row = find(GroupKeyRow.parser(), keys.ofKey(key));
        return row == null ? GroupKeyRow.getDefaultInstance() : row;
    }

    /** Without events, the key is forgotten. */
    void putKey(String key, GroupKeyRow row) {
        if (row.getActive() == 0 && row.getWaiting() == 0) {
            batch.delete(Family.GROUPS, keys.ofKey(key));
        } else {
            batch.put(Family.GROUPS, keys.ofKey(key), row.toByteArray());
        }
    }

    void putWaiting(String key, long position) {
        batch.put(Family.GROUPS, keys.of(Kind.WAITING, key, position), NOTHING);
    }

    void removeWaiting(String key, long position) {
        batch.delete(Family.GROUPS, keys.of(Kind.WAITING, key, position));
    }

    /** The first event of the key that waits, from a position on; 0 when there is none. */
    long firstWaiting(String key, long from) {
        return firstOfKey(Kind.WAITING, key, from);
    }

    /** The first parked event that holds the key; 0 when there is none. */
    long firstHolding(String key) {
        return state.getParked() == 0 ? 0 : firstOfKey(Kind.PARKED_KEY, key, 0);
    }

    private long firstOfKey(Kind kind, String key, long from) {
        long[] found = {0};
        batch.ascend(Family.GROUPS, keys.of(kind, key, from), keys.of(kind, key, Long.MAX_VALUE), (row, value) -> {
            found[0] = GroupKeys.lastNumber(row);
            return false;
        });
        return found[0];
    }

    // Parked ones.

    @Nullable
    ParkedRow parked(long position) {
        return find(ParkedRow.parser(), keys.of(Kind.PARKED, position));
    }

    void putParked(long position, ParkedRow row) {
        batch.put(Family.GROUPS, keys.of(Kind.PARKED, position), row.toByteArray());
        if (parkedHolds() && !row.getKey().isEmpty()) {
            batch.put(Family.GROUPS, keys.of(Kind.PARKED_KEY, row.getKey(), position), NOTHING);
        }
        state.setParked(state.getParked() + 1);
    }

    void removeParked(long position, ParkedRow row) {
        batch.delete(Family.GROUPS, keys.of(Kind.PARKED, position));
        if (parkedHolds() && !row.getKey().isEmpty()) {
            batch.delete(Family.GROUPS, keys.of(Kind.PARKED_KEY, row.getKey(), position));
        }
        state.setParked(state.getParked() - 1);
    }

    void parkedFrom(long from, LongPredicate visitor) {
        batch.ascend(
                Family.GROUPS,
                keys.of(Kind.PARKED, from),
                keys.end(Kind.PARKED),
                (key, value) -> visitor.test(GroupKeys.number(key)));
    }

    /** Forgets all events, leases and keys; begins anew at a position. */
    void beginAt(long position) {
        batch.deleteRange(Family.GROUPS, keys.of(Kind.EVENT), keys.end(Kind.PARKED_KEY));
        GroupStateRow begun = GroupStateRow.newBuilder()
                .setFloor(position - 1)
                .setNext(position)
                .setTimeNs(nowNs)
                .setLastToken(state.getLastToken())
                .setPaused(state.getPaused())
                .build();
        state.clear().mergeFrom(begun);
    }

    private <M extends Message> @Nullable M find(Parser<M> parser, byte[] key) {
        byte[] value = batch.find(Family.GROUPS, key);
        return value == null ? null : RowParser.parse(parser, value);
    }
}
