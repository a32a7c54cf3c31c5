package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.statemachine.log.v1.Ahead;
import io.eckermann.statemachine.log.v1.ChangeParked;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.DeleteGroup;
import io.eckermann.statemachine.log.v1.ExtendLeases;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.LeaseEvents;
import io.eckermann.statemachine.log.v1.LeaseWish;
import io.eckermann.statemachine.log.v1.PauseGroup;
import io.eckermann.statemachine.log.v1.SeekGroup;
import io.eckermann.statemachine.log.v1.SettleLeases;
import io.eckermann.statemachine.log.v1.UpdateGroup;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Any changes of a few groups, of which some meet what is there. */
final class GroupOperations {
    private GroupOperations() {}

    static Arbitrary<Operation> any() {
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 30);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 14),
                        number,
                        number,
                        Arbitraries.integers().between(1, 3))
                .as(GroupOperations::operation);
    }

    private static Operation operation(int what, int one, int two, int group) {
        GroupChange.Builder change = GroupChange.newBuilder().setTopicId(1 + group / 3);
        if (what < 3) {
            change.setCreate(CreateGroup.newBuilder()
                    .setName("g" + group)
                    .setSettings(GroupSettings.newBuilder()
                            .setOrdering(one % 2 == 0 ? Ordering.BY_KEY : Ordering.UNORDERED)
                            .setAttemptsMax(1 + two % 2)
                            .setInFlightMax(20)
                            .setWindow(50)));
            return new Operation.ChangeGroup(change.build());
        }
        change.setGroupId(group);
        switch (what) {
            case 3, 4, 5, 6, 7 -> {
                Ahead.Builder ahead = Ahead.newBuilder().setFrom(1).setThrough(30);
                for (int i = 0; i < 30; i++) {
                    ahead.addSteps(i == 0 ? 0 : 1).addKeys("k" + i % 3);
                }
                change.setLease(LeaseEvents.newBuilder()
                        .setAhead(ahead)
                        .addWishes(LeaseWish.newBuilder()
                                .setMember("m" + one % 2)
                                .setMax(1 + two)
                                .setVisibilityNs(1 + one % 3)));
            }
            case 8, 9, 10 ->
                change.setSettle(SettleLeases.newBuilder()
                        .addSettlements(Settlement.newBuilder()
                                .setToken(((long) one << 16) + 1 + two % 3)
                                .setActionValue(two % 4)
                                .setReason("r" + two)));
            case 11 ->
                change.setExtend(ExtendLeases.newBuilder()
                        .addTokens(((long) one << 16) + 1)
                        .setVisibilityNs(two));
            case 12 ->
                change.setParked(
                        ChangeParked.newBuilder().setReplay(one % 2 == 0).setMax(2));
            case 13 -> change.setSeek(SeekGroup.newBuilder().setStart(one).setDropParked(two % 2 == 0));
            default -> {
                if (one < 10) {
                    change.setPause(PauseGroup.newBuilder().setPaused(two % 3 == 0));
                } else if (one < 25) {
                    change.setUpdate(UpdateGroup.newBuilder().setWindow(two + 1));
                } else {
                    change.setDelete(DeleteGroup.getDefaultInstance());
                }
            }
        }
        return new Operation.ChangeGroup(change.build());
    }
}
