package io.eckermann.raftlog.simulation;

import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.Ahead;
import io.eckermann.statemachine.log.v1.ExtendLeases;
import io.eckermann.statemachine.log.v1.Grant;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.GroupOutcome;
import io.eckermann.statemachine.log.v1.LeaseEvents;
import io.eckermann.statemachine.log.v1.LeaseWish;
import io.eckermann.statemachine.log.v1.SettleLeases;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A member of a group, that leases, settles, extends, and forgets what it holds. At the end it acks whatever it gets, until
 * there was nothing for so long that every lease must have ended.
 */
final class Member implements Client {
    private static final long VISIBILITY_NS_MAX = 40_000_000;
    /** Each at another time, see {@link Simulation}. */
    private static final int EMPTY_ANSWERS = 6;

    private final String name;
    private final long topicId;
    private final long groupId;
    private final boolean byKey;
    private final Doorway door;
    private final List<Grant> held = new ArrayList<>();
    private boolean underWay;
    private boolean finishing;
    private int emptyAnswers;

    /** @param byKey whether the group keeps the order of keys: only then a node tells them */
    Member(String name, long topicId, long groupId, boolean byKey, Doorway door) {
        this.name = name;
        this.topicId = topicId;
        this.groupId = groupId;
        this.byKey = byKey;
        this.door = door;
    }

    @Override
    public void step(Random random) {
        if (underWay || isDone()) {
            return;
        }
        int act = random.nextInt(finishing ? 5 : 10);
        GroupChange.Builder change =
                GroupChange.newBuilder().setTopicId(topicId).setGroupId(groupId);
        if (held.isEmpty() || act < 3) {
            ReadView view = door.read();
            if (view != null) {
                ask(change.setLease(lease(view, random)));
            }
        } else if (act < 8) {
            ask(change.setSettle(settle(random)));
        } else if (act < 9) {
            ask(change.setExtend(ExtendLeases.newBuilder()
                    .addTokens(held.get(random.nextInt(held.size())).getToken())
                    .setVisibilityNs(visibilityNs(random))));
        } else {
            held.remove(random.nextInt(held.size()));
        }
    }

    private static long visibilityNs(Random random) {
        return 1L + random.nextInt((int) VISIBILITY_NS_MAX);
    }

    private LeaseEvents.Builder lease(ReadView view, Random random) {
        return LeaseEvents.newBuilder()
                .addWishes(LeaseWish.newBuilder()
                        .setMember(name)
                        .setMax(1 + random.nextInt(4))
                        .setVisibilityNs(visibilityNs(random)))
                .setAhead(ahead(view));
    }

    /** All events, with their keys if these count, as a node finds them. */
    private Ahead.Builder ahead(ReadView view) {
        Ahead.Builder ahead = Ahead.newBuilder().setFrom(1);
        long head = 0;
        for (Chunk chunk : view.forward(topicId, 1, Long.MAX_VALUE)) {
            for (Event event : EventsCodec.events(chunk)) {
                ahead.addSteps(head == 0 ? 0 : 1);
                if (byKey) {
                    ahead.addKeys(event.getKey());
                }
                head++;
            }
        }
        return ahead.setThrough(head);
    }

    private SettleLeases.Builder settle(Random random) {
        Grant grant = held.get(random.nextInt(held.size()));
        Settlement.Builder settlement = Settlement.newBuilder()
                .setToken(grant.getToken())
                .setAction(
                        finishing || random.nextInt(3) > 0
                                ? Settlement.Action.ACK
                                : Settlement.Action.forNumber(1 + random.nextInt(3)));
        if (!finishing && random.nextBoolean()) {
            settlement.addPositions(grant.getPositions(random.nextInt(grant.getPositionsCount())));
        } else {
            held.remove(grant);
        }
        return SettleLeases.newBuilder().addSettlements(settlement);
    }

    private void ask(GroupChange.Builder change) {
        underWay = true;
        door.call(new Operation.ChangeGroup(change.build()), this::answered);
    }

    private void answered(Answer answer) {
        underWay = false;
        if (answer instanceof Answer.Applied applied) {
            Violation.unless(applied.result() instanceof Result.GroupChanged, "a member got %s", applied.result());
            GroupOutcome outcome = ((Result.GroupChanged) applied.result()).outcome();
            outcome.getLeased().getGrantsList().stream()
                    .filter(grant -> grant.getToken() != 0)
                    .forEach(held::add);
            boolean isEmpty =
                    outcome.hasLeased() && outcome.getLeased().getGrants(0).getToken() == 0;
            emptyAnswers = isEmpty ? emptyAnswers + 1 : outcome.hasLeased() ? 0 : emptyAnswers;
        }
    }

    @Override
    public void finish() {
        finishing = true;
        emptyAnswers = 0;
    }

    @Override
    public boolean isDone() {
        return !underWay && held.isEmpty() && emptyAnswers >= EMPTY_ANSWERS;
    }
}
