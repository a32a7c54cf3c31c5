package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class TimesTest {
    @Test
    void pointsInTimeAreReadAsEverywhere() {
        Times.InstantConverter instants = new Times.InstantConverter();
        assertThat(instants.convert("2026-11-21T10:00:00+01:00")).isEqualTo(Instant.parse("2026-11-21T09:00:00Z"));
        assertThat(instants.convert("-5m"))
                .isBetween(Instant.now().minusSeconds(310), Instant.now().minusSeconds(299));
        assertThatThrownBy(() -> instants.convert("10:00"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'10:00' is not a time")
                .hasMessageContaining("15m");
    }

    @Test
    void durationsNeedAUnitAndMustNotBeZero() {
        Times.DurationConverter durations = new Times.DurationConverter();
        assertThat(durations.convert("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(durations.convert("2h")).isEqualTo(Duration.ofHours(2));
        for (String text : new String[] {"10", "0s", "-1s", "1 s", "s"}) {
            assertThatThrownBy(() -> durations.convert(text)).isInstanceOf(TypeConversionException.class);
        }
    }
}
