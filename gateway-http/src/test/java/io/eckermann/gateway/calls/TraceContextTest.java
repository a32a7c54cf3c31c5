package io.eckermann.gateway.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    @Test
    void whatIsSaidIsUnderstoodAndPassedOnAsItIs() {
        TraceContext trace = read(PARENT, "a=1", "b=2");
        assertThat(trace.headers()).isEqualTo(Map.of("traceparent", PARENT, "tracestate", "a=1,b=2"));
        assertThat(trace.traceId()).isEqualTo(TRACE);
        assertThat(trace.spanId()).isEqualTo("b7ad6b7169203331");
        assertThat(trace.isSampled()).isTrue();
        assertThat(TraceContext.of(trace.headers())).isEqualTo(trace);
        TraceContext unrecorded = read(PARENT.replace("-01", "-02"));
        assertThat(unrecorded.isSampled()).isFalse();
        assertThat(unrecorded.headers()).containsOnlyKeys("traceparent");
    }

    @Test
    void newerVersionIsTakenAsFarAsItIsKnown() {
        assertThat(read("cc" + PARENT.substring(2) + "-what-comes").parent()).isEqualTo(PARENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\nERROR",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            })
    void whatIsNotWellFormedIsNothing(String parent) {
        assertThat(TraceContext.of(List.of(parent), List.of("a=1"))).isNull();
        assertThat(TraceContext.of(Map.of("traceparent", parent))).isNull();
    }

    @Test
    void twoOfThemAreNothingAndStatesThatAreTooLongOrUglyAreLeftOut() {
        assertThat(TraceContext.of(List.of(PARENT, PARENT), List.of())).isNull();
        assertThat(TraceContext.of(List.of("cc" + PARENT.substring(2) + "-" + "x".repeat(9_000)), List.of()))
                .isNull();
        for (String state : List.of("x".repeat(513), "a=\n", "a=\u00e9")) {
            assertThat(read(PARENT, state).headers()).containsOnlyKeys("traceparent");
        }
    }

    private static TraceContext read(String parent, String... states) {
        return Objects.requireNonNull(TraceContext.of(List.of(parent), List.of(states)));
    }
}
