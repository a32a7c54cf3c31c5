package io.eckermann.gateway.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClockWatchTest {
    private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");

    @TempDir
    Path directory;

    private final List<Long> offsetsNs = new ArrayList<>();
    private boolean leaderReady = true;

    @SuppressWarnings("NullAway.Init") // opened before each test
    private StateMachine state;

    @BeforeEach
    void open() throws Exception {
        state = StateMachine.open(directory);
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Test
    void clockNearItsPeersIsRight() {
        peersAhead(1_000, -1_000);

        assertThat(watch(NOW).problem()).isEmpty();
        assertThat(watch(NOW).refusal()).isNull();
    }

    @Test
    void oneWrongPeerOfTwoIsNotOurFault() {
        peersAhead(0, 60_000);

        assertThat(watch(NOW).problem()).isEmpty();
    }

    @Test
    void clockFarFromAllPeersIsWrong() {
        peersAhead(60_000, 61_000);

        assertThat(watch(NOW).problem())
                .hasValueSatisfying(words -> assertThat(words).contains("60000 ms behind its peers'"));
        StoreException refusal = requireNonNull(watch(NOW).refusal());
        assertThat(refusal.code()).isEqualTo(ErrorCode.CLOCK_OFF);
        assertThat(refusal.facts()).containsEntry("peers_ahead_ms", "60000");
    }

    @Test
    void theOnlyPeerCounts() {
        peersAhead(-60_000);

        assertThat(watch(NOW).problem()).isPresent();
        peersAhead();
        assertThat(watch(NOW).problem()).as("nobody to compare with").isEmpty();
    }

    @Test
    void clockBehindTheRecordedTimesProposesNothing() throws Exception {
        recordTopicAt(NOW);

        assertThat(watch(NOW.minusSeconds(4)).refusal()).isNull();
        StoreException refusal = requireNonNull(watch(NOW.minusSeconds(60)).refusal());
        assertThat(refusal.facts()).containsEntry("behind_ms", "60000");
    }

    @Test
    void newLeaderProposesNothingBeforeItKnowsTheTimesRecorded() throws Exception {
        leaderReady = false;
        ClockWatch watch = watch(NOW.minusSeconds(60));
        assertThat(requireNonNull(watch.refusal()).code()).isEqualTo(ErrorCode.NO_LEADER);

        recordTopicAt(NOW);
        leaderReady = true;
        assertThat(requireNonNull(watch.refusal()).code()).isEqualTo(ErrorCode.CLOCK_OFF);
    }

    @Test
    void clockThatJumpsAfterTheGateLookedGivesNoTimeForAnEntry() {
        Instant[] now = {NOW};
        InstantSource source = () -> now[0];
        ClockWatch watch = watch(source.withZone(ZoneOffset.UTC));
        assertThat(watch.refusal()).isNull();
        assertThat(watch.timeNs()).isEqualTo(Nanos.of(Clock.fixed(NOW, ZoneOffset.UTC)));

        now[0] = NOW.plusSeconds(30);
        assertThatThrownBy(watch::timeNs)
                .isInstanceOfSatisfying(
                        StoreException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.CLOCK_OFF));
    }

    private void recordTopicAt(Instant time) throws Exception {
        CommandBuilder builder = new CommandBuilder();
        builder.add(new Operation.CreateTopic(
                "t", TopicSettings.newBuilder().setMaxEventBytes(1_024).build()));
        Command command = CommandCodec.decode(
                builder.build(Nanos.of(Clock.fixed(time, ZoneOffset.UTC))).bytes());
        assertThat(state.apply(new RaftIndex(1, 1), command)).hasSize(1);
        state.whenVisible(1).get(60, TimeUnit.SECONDS);
    }

    private void peersAhead(Integer... millis) {
        offsetsNs.clear();
        Arrays.stream(millis).map(ms -> Duration.ofMillis(ms).toNanos()).forEach(offsetsNs::add);
    }

    private ClockWatch watch(Instant now) {
        return watch(Clock.fixed(now, ZoneOffset.UTC));
    }

    private ClockWatch watch(Clock clock) {
        return new ClockWatch(
                Duration.ofSeconds(5),
                clock,
                new ClockJumps(clock, () -> 0, Duration.ofSeconds(5)),
                () -> List.copyOf(offsetsNs),
                () -> new Leadership(Leadership.Role.LEADER, 1, "n1", leaderReady, 0, 0, -1),
                state.view());
    }
}
