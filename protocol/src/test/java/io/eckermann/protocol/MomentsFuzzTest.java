package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Times as anybody may write them. */
class MomentsFuzzTest {
    private static final Moments MOMENTS =
            new Moments(Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC), ZoneOffset.UTC);

    @FuzzTest
    void aMomentIsReadOrRefused(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            long nanos = MOMENTS.nanos(text);
            // What was read can be written so that the same is read.
            assertThat(MOMENTS.nanos(Long.toString(nanos))).isEqualTo(nanos);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("is not a time").isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    @FuzzTest
    void aDurationIsReadOrRefused(byte[] data) {
        try {
            Duration duration = Moments.duration(new String(data, StandardCharsets.UTF_8));
            assertThat(duration).isGreaterThanOrEqualTo(Duration.ZERO);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("is not a duration").isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }
}
