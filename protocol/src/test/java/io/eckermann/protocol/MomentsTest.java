package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T22:30:00Z"), ZoneOffset.UTC);
    private static final Moments UTC = new Moments(CLOCK, ZoneOffset.UTC);
    private static final Moments MOSCOW = new Moments(CLOCK, ZoneId.of("Europe/Moscow"));

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T09:00:00.123456789Z, 2026-11-21T09:00:00.123456789Z",
        "2026-11-21t09:00:00z,           2026-11-21T09:00:00Z",
        "2026-11-21 09:00:00Z,           2026-11-21T09:00:00Z",
        "2026-11-21T10:00:00+01:00,      2026-11-21T09:00:00Z",
        "2026-11-21T10:00+01:00,         2026-11-21T09:00:00Z",
        "2019-05-03,                     2019-05-03T00:00:00Z",
        "2019-05-03T10:00,               2019-05-03T10:00:00Z",
        "2019-05-03 10:00:07.5,          2019-05-03T10:00:07.500Z",
        "15m,                            2026-11-21T22:15:00Z",
        "-15m,                           2026-11-21T22:15:00Z",
        "15m ago,                        2026-11-21T22:15:00Z",
        "1h30m,                          2026-11-21T21:00:00Z",
        "2d,                             2026-11-19T22:30:00Z",
        "1w ago,                         2026-11-14T22:30:00Z",
        "now,                            2026-11-21T22:30:00Z",
        "today,                          2026-11-21T00:00:00Z",
        "yesterday,                      2026-11-20T00:00:00Z",
        "1795237653886755276,            2026-11-21T05:07:33.886755276Z",
        "1795237653886755276ns,          2026-11-21T05:07:33.886755276Z",
        "-1,                             1969-12-31T23:59:59.999999999Z",
        "0,                              1970-01-01T00:00:00Z"
    })
    void momentsAreRead(String text, Instant expected) {
        assertThat(UTC.nanos(text)).isEqualTo(nanos(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "2019-05-03,                2019-05-02T21:00:00Z",
        "2019-05-03T10:00,          2019-05-03T07:00:00Z",
        "2019-05-03T10:00Z,         2019-05-03T10:00:00Z",
        "today,                     2026-11-21T21:00:00Z",
        "yesterday,                 2026-11-20T21:00:00Z",
        "15m,                       2026-11-21T22:15:00Z"
    })
    void whatSaysNoZoneIsInTheOneGiven(String text, Instant expected) {
        assertThat(MOSCOW.nanos(text)).isEqualTo(nanos(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "tomorrowish",
                "2026-13-01",
                "2026-02-30",
                "10:00",
                "+5m",
                "5m later",
                "ago",
                "9223372036854775808",
                "99999999999999999999ns",
                "2300-01-01",
                "1600-01-01",
                "999999999w",
                "2026-11-21T25:00"
            })
    void otherTextsAreRefusedWithExamples(String text) {
        assertThatThrownBy(() -> UTC.nanos(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("15m ago");
    }

    /** On these the patterns would run out of stack. */
    @Test
    void textsThatGoOnForEverAreRefused() {
        String text = "1s".repeat(1_000_000);
        assertThatThrownBy(() -> UTC.nanos(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Moments.duration(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }
}
