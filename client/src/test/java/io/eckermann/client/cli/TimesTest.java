package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TimesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T09:00:00.123456789Z, 2026-11-21T09:00:00.123456789Z",
        "2026-11-21T10:00:00+01:00,      2026-11-21T09:00:00Z",
        "2026-11-20,                     2026-11-20T00:00:00Z",
        "15m,                            2026-11-21T09:45:00Z",
        "2d,                             2026-11-19T10:00:00Z",
        "1795237653886755276ns,          2026-11-21T05:07:33.886755276Z"
    })
    void pointsInTimeAreRead(String text, Instant expected) {
        assertThat(Times.instant(text, CLOCK)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-13-01", "10:00", "-5m", "99999999999s", "99999999999999999999ns"})
    void otherTextsAreRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Times.instant(text, CLOCK))
                .isInstanceOf(TypeConversionException.class)
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
