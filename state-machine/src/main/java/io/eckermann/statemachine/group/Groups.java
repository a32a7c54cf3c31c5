package io.eckermann.statemachine.group;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.GroupChanged;
import io.eckermann.statemachine.log.v1.GroupCreated;
import io.eckermann.statemachine.log.v1.GroupOutcome;
import io.eckermann.statemachine.log.v1.LeaseEvents;
import io.eckermann.statemachine.log.v1.LeaseWish;
import io.eckermann.statemachine.log.v1.Leased;
import io.eckermann.statemachine.log.v1.SeekGroup;
import io.eckermann.statemachine.log.v1.UpdateGroup;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.GroupRow;
import io.eckermann.statemachine.store.v1.GroupStateRow;
import java.util.Optional;
import java.util.SortedSet;

/** What commands do to groups. Apply thread; used for one operation. */
public final class Groups {
    /** Tokens of a new group are higher than all of one that had its name before: no entry grants so many leases. */
    private static final int TOKEN_BITS = 16;

    private static final GroupOutcome CHANGED = GroupOutcome.newBuilder()
            .setChanged(GroupChanged.getDefaultInstance())
            .build();

    private final StoreBatch batch;
    private final long first;
    private final long head;
    private final long leaderTimeNs;
    private final long raftIndex;

    /**
     * @param first of the topic, as head
     * @param raftIndex of the command
     */
    public Groups(StoreBatch batch, long first, long head, long leaderTimeNs, long raftIndex) {
        this.batch = batch;
        this.first = first;
        this.head = head;
        this.leaderTimeNs = leaderTimeNs;
        this.raftIndex = raftIndex;
    }

    /**
     * Does what was asked for.
     *
     * @param news gets the group's id when there is something to lease now
     */
    public Result apply(GroupChange change, SortedSet<Long> news) {
        if (change.getKindCase() == GroupChange.KindCase.CREATE) {
            return create(change.getTopicId(), change.getCreate());
        }
        Optional<GroupState> found = GroupTable.find(batch, change.getTopicId(), change.getGroupId());
        if (found.isEmpty()) {
            return Result.Refused.of(
                    new StoreException(ErrorCode.GROUP_NOT_FOUND, "There is no such group: it may have been deleted.")
                            .with("group_id", change.getGroupId()));
        }
        if (change.getKindCase() == GroupChange.KindCase.DELETE) {
            GroupTable.delete(batch, found.get());
            news.add(change.getGroupId());
            return new Result.GroupChanged(CHANGED);
        }
        return apply(found.get(), change, news);
    }

    private Result create(long topicId, CreateGroup create) {
        Optional<GroupState> existing = GroupTable.find(batch, topicId, create.getName());
        if (existing.isEmpty()) {
            long begin = start(create.getStart());
            GroupRow row = GroupRow.newBuilder()
                    .setName(create.getName())
                    .setSettings(create.getSettings())
                    .setCreatedNs(leaderTimeNs)
                    .build();
            GroupStateRow state = GroupStateRow.newBuilder()
                    .setFloor(begin - 1)
                    .setNext(begin)
                    .setTimeNs(leaderTimeNs)
                    .setLastToken(raftIndex << TOKEN_BITS)
                    .build();
            return created(GroupTable.create(batch, topicId, row, state).id(), true);
        }
        if (existing.get().row().getSettings().equals(create.getSettings())) {
            return created(existing.get().id(), false);
        }
        return Result.Refused.of(new StoreException(
                        ErrorCode.GROUP_EXISTS,
                        "The group exists with other settings: use it as it is, change it, or take another name.")
                .with("group", create.getName()));
    }

    private static Result created(long id, boolean created) {
        return new Result.GroupChanged(GroupOutcome.newBuilder()
                .setCreated(GroupCreated.newBuilder().setGroupId(id).setCreated(created))
                .build());
    }

    /** @param asked 0: the first event there is; -1: behind the head */
    private long start(long asked) {
        if (asked < 0) {
            return head + 1;
        }
        return Math.max(first, Math.min(asked, head + 1));
    }

    private Result apply(GroupState group, GroupChange change, SortedSet<Long> news) {
        GroupWork work = new GroupWork(batch, group, first, head, leaderTimeNs);
        KeyOrder order = new KeyOrder(work);
        Parking parking = new Parking(work, order);
        Leases leases = new Leases(work, order, parking);
        if (change.hasSeek() && work.state.getParked() > 0 && !change.getSeek().getDropParked()) {
            return Result.Refused.of(new StoreException(
                            ErrorCode.GROUP_HAS_PARKED,
                            "The group has parked events: replay or drop them first, or say that they are to be dropped.")
                    .with("parked", work.state.getParked()));
        }
        leases.lapse();
        GroupOutcome.Builder outcome = GroupOutcome.newBuilder();
        switch (change.getKindCase()) {
            case LEASE -> outcome.setLeased(lease(work, order, parking, change.getLease()));
            case SETTLE -> outcome.setSettled(leases.settle(change.getSettle().getSettlementsList()));
            case EXTEND -> outcome.setExtended(leases.extend(change.getExtend()));
            case PARKED -> outcome.setParked(parking.change(change.getParked()));
            case PAUSE -> work.state.setPaused(change.getPause().getPaused());
            case SEEK -> seek(work, change.getSeek());
            case UPDATE -> GroupTable.saveRow(batch, updated(group, change.getUpdate()));
            case CREATE, DELETE, KIND_NOT_SET -> throw new AssertionError("it is done, or can't be decoded");
        }
        parking.raiseFloor();
        work.save();
        if (work.hasSomething()) {
            news.add(group.id());
        }
        return new Result.GroupChanged(
                outcome.getKindCase() == GroupOutcome.KindCase.KIND_NOT_SET ? CHANGED : outcome.build());
    }

    private static Leased lease(GroupWork work, KeyOrder order, Parking parking, LeaseEvents asked) {
        // Before, for what was settled or removed since opens the window.
        parking.raiseFloor();
        AheadEvents ahead = new AheadEvents(asked.getAhead(), work.head);
        Leased.Builder leased = Leased.newBuilder();
        for (LeaseWish wish : asked.getWishesList()) {
            leased.addGrants(new Granting(work, order, parking, ahead, wish).grant());
        }
        long dueNs = work.state.getDueNs();
        boolean isOwned = work.state.getOwnerUntilNs() > work.nowNs;
        return leased.setNext(work.state.getNext())
                .setReady(work.state.getReady())
                .setDueNs(isOwned ? earlier(dueNs, work.state.getOwnerUntilNs()) : dueNs)
                .build();
    }

    private static long earlier(long oneNs, long otherNs) {
        return oneNs == 0 ? otherNs : Math.min(oneNs, otherNs);
    }

    private void seek(GroupWork work, SeekGroup seek) {
        work.beginAt(start(seek.getStart()));
    }

    private static GroupState updated(GroupState group, UpdateGroup update) {
        GroupSettings.Builder settings = group.row().getSettings().toBuilder();
        if (update.hasVisibilityMs()) {
            settings.setVisibilityMs(update.getVisibilityMs());
        }
        if (update.hasAttemptsMax()) {
            settings.setAttemptsMax(update.getAttemptsMax());
        }
        if (update.hasInFlightMax()) {
            settings.setInFlightMax(update.getInFlightMax());
        }
        if (update.hasWindow()) {
            settings.setWindow(update.getWindow());
        }
        return new GroupState(
                group.topicId(),
                group.id(),
                group.row().toBuilder().setSettings(settings).build(),
                group.state());
    }
}
