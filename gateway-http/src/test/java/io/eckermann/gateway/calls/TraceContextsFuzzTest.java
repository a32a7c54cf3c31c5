package io.eckermann.gateway.calls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Traces as anybody may name them: a line for the parent, and one for each state. */
class TraceContextsFuzzTest {
    @FuzzTest
    void aTraceIsReadAndPassedOnTheSameOrLeftOut(byte[] data) {
        List<String> lines = List.of(new String(data, StandardCharsets.UTF_8).split("\n", -1));
        TraceContext trace = TraceContext.of(lines.subList(0, 1), lines.subList(1, lines.size()));
        if (trace != null) {
            assertThat(TraceContext.of(trace.headers())).isEqualTo(trace);
            assertThat(trace.parent()).matches("00-" + trace.traceId() + "-" + trace.spanId() + "-[0-9a-f]{2}");
            assertThat(trace.isSampled()).isEqualTo(trace.parent().matches(".*[13579bdf]"));
            assertThat(trace.state()).matches("[ -~]*");
        }
    }
}
