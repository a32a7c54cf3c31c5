package io.eckermann.statemachine.command;

import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.ParkedKey;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.statemachine.log.v1.Ahead;
import io.eckermann.statemachine.log.v1.ChangeParked;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.LeaseEvents;
import io.eckermann.statemachine.log.v1.LeaseWish;
import io.eckermann.statemachine.log.v1.SettleLeases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command about groups, as the first version that knew them wrote it, as in {@link FormatsTest}. */
class GroupFormatTest {
    private static final Path SAMPLE = Path.of("src/test/resources/formats/v4/groups.bin");

    @Test
    void sampleDecodesToTheSame() throws IOException, UnreadableCommandException {
        List<Operation> operations = groupOperations();
        FormatsTest.sampleDecodesTo(SAMPLE, 4, operations);
    }

    private static List<Operation> groupOperations() {
        return List.of(
                new Operation.ChangeGroup(GroupChange.newBuilder()
                        .setTopicId(7)
                        .setCreate(CreateGroup.newBuilder()
                                .setName("mail")
                                .setStart(-1)
                                .setSettings(GroupSettings.newBuilder()
                                        .setOrdering(Ordering.BY_KEY)
                                        .setParkedKey(ParkedKey.PASSES)
                                        .setExclusive(true)
                                        .setVisibilityMs(30_000)
                                        .setAttemptsMax(10)
                                        .setInFlightMax(10_000)
                                        .setWindow(100_000)
                                        .setQuery(Query.newBuilder()
                                                .addItems(QueryItem.newBuilder().addTags("c:1")))))
                        .build()),
                new Operation.ChangeGroup(GroupChange.newBuilder()
                        .setTopicId(7)
                        .setGroupId(3)
                        .setLease(LeaseEvents.newBuilder()
                                .addWishes(LeaseWish.newBuilder()
                                        .setMember("m1")
                                        .setMax(100)
                                        .setVisibilityNs(5_000))
                                .setAhead(Ahead.newBuilder()
                                        .setFrom(12)
                                        .setThrough(300)
                                        .addSteps(0)
                                        .addSteps(4)
                                        .addKeys("o-1")
                                        .addKeys("")))
                        .build()),
                new Operation.ChangeGroup(GroupChange.newBuilder()
                        .setTopicId(7)
                        .setGroupId(3)
                        .setSettle(SettleLeases.newBuilder()
                                .addSettlements(Settlement.newBuilder()
                                        .setToken(1 << 20)
                                        .addPositions(12)
                                        .setAction(Settlement.Action.NACK)
                                        .setDelayMs(700)
                                        .setReason("kein Papier")))
                        .build()),
                new Operation.ChangeGroup(GroupChange.newBuilder()
                        .setTopicId(7)
                        .setGroupId(3)
                        .setParked(ChangeParked.newBuilder().setReplay(true).setMax(1_000))
                        .build()));
    }
}
