package io.eckermann.gateway.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest {
    /** 2026-11-27T10:00:00Z. */
    private static final long RECORDED_NS = 1_795_773_600_000_000_000L;

    private static final RecordedEvent PAID = RecordedEvent.newBuilder()
            .setPosition(17)
            .setRecordedNs(RECORDED_NS)
            .setEvent(Event.newBuilder()
                    .setPayload(
                            ByteString.copyFromUtf8(
                                    "{\"amount\":120,\"rate\":0.5,\"huge\":123456789012345678901,\"note\":null,"
                                            + "\"who\":{\"name\":\"Ada\"},\"items\":[{\"sku\":\"a-1\",\"n\":2},{\"sku\":\"b-2\",\"n\":9}]}"))
                    .setId("e-1")
                    .setType("Paid")
                    .setKey("order-17")
                    .addTags("customer:7")
                    .addTags("fast")
                    .putHeaders("region", "eu"))
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "type == 'Paid' && key.startsWith('order-')",
                "id == 'e-1' && position == 17 && size > 100 && !deleted",
                "'fast' in tags && tags.exists(tag, tag.startsWith('customer:'))",
                "headers['region'] == 'eu'",
                "headers.region == 'eu' && !('zone' in headers)",
                "recorded_time > timestamp('2026-11-27T09:59:59Z') && recorded_time.getFullYear() == 2026",
                "time == null",
                "data.amount > 100",
                "data.amount > 100.5 && data.rate < 1",
                "data.amount * 2 == 240",
                "data.huge > 1.0e20",
                "data.note == null && has(data.note)",
                "has(data.who.name) && data.who.name == 'Ada'",
                "!has(data.missing)",
                "!has(data.missing) || data.missing.deeper == 1",
                "data.items.exists(item, item.n > 5)",
                "data.items.all(item, item.sku.matches('^[a-z]-[0-9]$'))",
                "data.items.map(item, item.n) == [2, 9]",
                "size(data.items) == 2",
                "data['amount'] == 120",
                "data.missing == 1 || type == 'Paid'"
            })
    void whatIsTrueOfTheEvent(String expression) {
        assertThat(EventFilter.compile(expression).test(PAID)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "data.missing == 1",
                "!(data.missing == 1)",
                "data.amount == 'many'",
                "data.amount + data.rate > 1.0",
                "headers['zone'] != 'x'",
                "1 / (position - 17) == 1",
                "time > timestamp('2000-01-01T00:00:00Z')",
                "data.who.name.matches(data.items[0].sku + '(')",
                "data.items[7].n == 1"
            })
    void whatIsNotTrueOrCanNotBeComputedDoesNotMatch(String expression) {
        assertThat(EventFilter.compile(expression).test(PAID)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "", "{\"a\":1} {\"a\":2}", "{\"a\":", "null"})
    void payloadThatIsNotOneDocumentIsNull(String payload) {
        RecordedEvent event = RecordedEvent.newBuilder()
                .setEvent(Event.newBuilder().setPayload(ByteString.copyFromUtf8(payload)))
                .build();
        assertThat(EventFilter.compile("data == null").test(event)).isTrue();
        assertThat(EventFilter.compile("data.a == 1").test(event)).isFalse();
    }

    @Test
    void payloadThatIsNestedTooDeeplyIsNull() {
        RecordedEvent event = RecordedEvent.newBuilder()
                .setEvent(
                        Event.newBuilder().setPayload(ByteString.copyFromUtf8("[".repeat(10_000) + "]".repeat(10_000))))
                .build();
        assertThat(EventFilter.compile("data == null").test(event)).isTrue();
    }

    @Test
    void whatDoesNotCompileSaysWhere() {
        StoreException syntax = refusal("type ==\n  == 'a'");
        assertThat(syntax.code()).isEqualTo(ErrorCode.BAD_FILTER);
        assertThat(syntax.facts())
                .containsEntry("line", "2")
                .containsEntry("column", "3")
                .containsEntry("field", "filter");

        StoreException unknown = refusal("type == 'a' && colour == 'red'");
        assertThat(unknown.code()).isEqualTo(ErrorCode.BAD_FILTER);
        assertThat(unknown).hasMessageContaining("undeclared reference to 'colour'");
        assertThat(unknown.facts()).containsEntry("line", "1").containsEntry("column", "16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "position + 1", "type == 5", "tags.startsWith('a')", "unheard(type)", "   "})
    void whatIsNoConditionIsRefused(String expression) {
        assertThat(refusal(expression).code()).isEqualTo(ErrorCode.BAD_FILTER);
    }

    @Test
    void whatCostsTooMuchIsRefused() {
        assertThat(refusal("type == '" + "a".repeat(4_096) + "'").code()).isEqualTo(ErrorCode.FILTER_TOO_COSTLY);
        StoreException loops = refusal("data.a.all(a, data.b.all(b, data.c.all(c, a == b && b == c)))");
        assertThat(loops.code()).isEqualTo(ErrorCode.FILTER_TOO_COSTLY);
        assertThat(loops.facts()).containsKeys("steps", "steps_max");
        assertThat(refusal("(".repeat(100) + "true" + ")".repeat(100)).code()).isEqualTo(ErrorCode.BAD_FILTER);
    }

    @Test
    void aLoopInALoopIsAllowed() {
        assertThat(EventFilter.compile("data.items.exists(a, tags.exists(b, a.sku == b || a.n == 9))")
                        .test(PAID))
                .isTrue();
    }

    @Test
    void patternThatWouldBeHugeIsRefusedBeforeItIsBuilt() {
        long begun = System.nanoTime();
        assertThat(EventFilter.compile("type.matches('((a{1000}){1000}){1000}')")
                        .test(PAID))
                .isFalse();
        assertThat(System.nanoTime() - begun).isLessThan(30_000_000_000L);
    }

    private static StoreException refusal(String expression) {
        return catchThrowableOfType(StoreException.class, () -> EventFilter.compile(expression));
    }
}
