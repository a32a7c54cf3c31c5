package io.eckermann.statemachine.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.GroupSettings;
import io.eckermann.protocol.v1.Ordering;
import io.eckermann.protocol.v1.ParkedKey;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.TestStore;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random members that lease, ack, nack, extend, park and forget, beside a clock that jumps. */
class GroupsMatchAModelTest {
    @Property(tries = 12)
    void noEventHasTwoHoldersAndKeysKeepTheirOrder(
            @ForAll("settings") GroupSettings settings, @ForAll("acts") List<GroupRun.Act> acts) throws IOException {
        Path directory = Files.createTempDirectory("groups");
        try (TestStore store = new TestStore(directory.resolve("one"));
                StateMachine replayed = TestStore.open(directory.resolve("two"))) {
            GroupRun run = new GroupRun(store, settings);
            acts.forEach(run::act);
            store.replayInto(replayed);
            assertThat(replayed.digest()).isEqualTo(store.machine().digest());
        } finally {
            DurableFiles.delete(directory);
        }
    }

    /** What once was: the second lease ends before the first, and ended the member's right to the group. */
    @Example
    void exclusiveGroupIsItsMembersUntilTheLastLeaseHasEnded() throws IOException {
        noEventHasTwoHoldersAndKeysKeepTheirOrder(
                settings(1, 4, 6).setExclusive(true).build(),
                List.of(
                        new GroupRun.Act("append", 2, 0, 0, 0),
                        new GroupRun.Act("lease", 0, 9, 6, 0),
                        new GroupRun.Act("lease", 0, 0, 6, 0),
                        new GroupRun.Act("lease", 0, 1, 6, 3)));
    }

    /** Once it was leased, the third event took the second one's place among those that are ready, which was looked for for ever. */
    @Example
    void whatIsReadyInThePlaceOfATruncatedEventIsLeased() throws IOException {
        noEventHasTwoHoldersAndKeysKeepTheirOrder(
                settings(3, 100, 1_000).setOrdering(Ordering.BY_KEY).build(),
                List.of(
                        new GroupRun.Act("append", 1, 1, 0, 0),
                        new GroupRun.Act("append", 0, 2, 0, 0),
                        new GroupRun.Act("lease", 0, 0, 2, 0),
                        new GroupRun.Act("lease", 0, 1, 2, 0),
                        new GroupRun.Act("truncate", 2, 0, 0, 20),
                        new GroupRun.Act("lease", 4, 2, 2, 0),
                        new GroupRun.Act("lease", 4, 2, 2, 0)));
    }

    /** A refused command takes nothing back: the leases whose time is over are found by the next one. */
    @Example
    void refusedSeekLeavesEvenLapsedLeasesAsTheyAre() throws IOException {
        noEventHasTwoHoldersAndKeysKeepTheirOrder(
                settings(1, 4, 6).build(),
                List.of(
                        new GroupRun.Act("append", 2, 0, 0, 0),
                        new GroupRun.Act("lease", 0, 0, 1, 0),
                        new GroupRun.Act("lease", 1, 1, 0, 3),
                        new GroupRun.Act("seek", 0, 1, 0, 20),
                        new GroupRun.Act("lease", 1, 1, 0, 0)));
    }

    @Provide
    Arbitrary<GroupSettings> settings() {
        return Combinators.combine(
                        Arbitraries.of(Ordering.UNORDERED, Ordering.BY_KEY, Ordering.BY_KEY),
                        Arbitraries.of(ParkedKey.HOLDS, ParkedKey.PASSES),
                        Arbitraries.of(true, false, false),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(4, 100),
                        Arbitraries.of(6L, 1_000L))
                .as((ordering, parkedKey, exclusive, attempts, inFlight, window) -> settings(attempts, inFlight, window)
                        .setOrdering(ordering)
                        .setParkedKey(parkedKey)
                        .setExclusive(exclusive)
                        .build());
    }

    private static GroupSettings.Builder settings(int attemptsMax, int inFlightMax, long window) {
        return GroupSettings.newBuilder()
                .setVisibilityMs(30)
                .setAttemptsMax(attemptsMax)
                .setInFlightMax(inFlightMax)
                .setWindow(window);
    }

    @Provide
    Arbitrary<List<GroupRun.Act>> acts() {
        Arbitrary<String> what = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(5, "append"),
                net.jqwik.api.Tuple.of(10, "lease"),
                net.jqwik.api.Tuple.of(12, "settle"),
                net.jqwik.api.Tuple.of(2, "extend"),
                net.jqwik.api.Tuple.of(1, "pause"),
                net.jqwik.api.Tuple.of(1, "seek"),
                net.jqwik.api.Tuple.of(3, "parked"),
                net.jqwik.api.Tuple.of(1, "truncate"),
                net.jqwik.api.Tuple.of(1, "restart"));
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 1_000);
        return Combinators.combine(what, number, number, number, Arbitraries.of(0, 0, 0, 1, 3, 20, -5))
                .as(GroupRun.Act::new)
                .list()
                .ofMinSize(10)
                .ofMaxSize(60);
    }
}
