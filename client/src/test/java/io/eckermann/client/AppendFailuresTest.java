package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.transport.Failure;
import io.eckermann.protocol.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is said of an append that nobody took in time. */
final class AppendFailuresTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @Test
    void whatSomebodyHasToDoSomethingAboutKeepsItsCode() {
        Failure full = AppendFailures.outOfTime(false, Failure.of(ErrorCode.DISK_FULL, "Free some."), TIMEOUT);
        assertThat(full.code()).isEqualTo("DISK_FULL");
        assertThat(full.message()).isEqualTo("Free some.");
        assertThat(full.mayBeDone()).isFalse();
        assertThat(full.facts()).containsEntry("timeout_ms", "3000");
    }

    @Test
    void whatPassesByItselfIsToldAsTheLastThingMet() {
        Failure none = AppendFailures.outOfTime(false, Failure.of(ErrorCode.NOT_LEADER, "Not me."), TIMEOUT);
        assertThat(none.code()).isEqualTo("NO_LEADER");
        assertThat(none.facts()).containsEntry("last", "NOT_LEADER: Not me.");
    }

    @Test
    void whatMayHaveBeenDoneIsOfUnknownOutcomeWhateverWasMetLast() {
        Failure unknown = AppendFailures.outOfTime(true, Failure.of(ErrorCode.DISK_FULL, "Free some."), TIMEOUT);
        assertThat(unknown.code()).isEqualTo("COMMIT_TIMED_OUT");
        assertThat(unknown.mayBeDone()).isTrue();
    }
}
