package io.eckermann.gateway.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.RecordedEvent;
import java.nio.charset.StandardCharsets;

/** Expressions as anybody may write them, and payloads they may meet: text, a zero byte, payload. */
class FiltersFuzzTest {
    /** Generous: what is allowed to be computed for an event must not take longer. */
    private static final long LONG_NS = 20_000_000_000L;

    @FuzzTest
    void anExpressionIsRefusedOrHoldsOrDoesNot(byte[] data) {
        int end = 0;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        String expression = new String(data, 0, end, StandardCharsets.UTF_8);
        ByteString payload = end < data.length
                ? ByteString.copyFrom(data, end + 1, data.length - end - 1)
                : ByteString.copyFromUtf8("{\"a\":[1,{\"b\":\"c\"}],\"n\":2.5}");
        RecordedEvent event = RecordedEvent.newBuilder()
                .setPosition(7)
                .setRecordedNs(1_795_773_600_000_000_000L)
                .setEvent(Event.newBuilder()
                        .setType("Paid")
                        .setKey("k")
                        .addTags("t")
                        .putHeaders("h", "v")
                        .setPayload(payload))
                .build();
        long startNs = System.nanoTime();
        try {
            EventFilter filter = EventFilter.compile(expression);
            assertThat(filter.test(event)).isEqualTo(filter.test(event));
        } catch (StoreException e) {
            assertThat(e.code()).isIn(ErrorCode.BAD_FILTER, ErrorCode.FILTER_TOO_COSTLY);
        }
        assertThat(System.nanoTime() - startNs).isLessThan(LONG_NS);
    }
}
