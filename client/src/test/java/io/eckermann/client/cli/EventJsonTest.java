package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    @Test
    void everyAttributeIsRead() {
        Event event = EventJson.read("""
                {"type":"Paid","key":"order-17","id":"a","time":"2018-01-31T01:49:59.650+01:00",
                 "tags":["vip","eu"],"headers":{"trace":"1"},"data":{"total": 12.50, "n": null}}""");
        assertThat(event.type()).isEqualTo("Paid");
        assertThat(event.key()).isEqualTo("order-17");
        assertThat(event.id()).isEqualTo("a");
        assertThat(event.time()).contains(Instant.parse("2018-01-31T00:49:59.650Z"));
        assertThat(event.tags()).isEqualTo(List.of("vip", "eu"));
        assertThat(event.headers()).isEqualTo(Map.of("trace", "1"));
        assertThat(event.payloadText()).isEqualTo("{\"total\":12.50,\"n\":null}");
    }

    @Test
    void whatIsWrittenIsReadAgainAsTheSameEvent() {
        Event event = Event.builder()
                .payload("[1,2]")
                .type("T")
                .key("k")
                .id("i")
                .tag("t")
                .header("h", "v")
                .time(Instant.parse("2026-11-21T10:00:00.000000001Z"))
                .build();
        assertThat(EventJson.read(Json.text(written(event)))).isEqualTo(event);
    }

    @Test
    void payloadThatIsNoJsonTravelsAsBase64() {
        for (byte[] payload : List.of(new byte[] {(byte) 0xff, 0}, utf8("hello"), utf8("1 2"), new byte[0])) {
            ObjectNode json = written(Event.of(payload));
            assertThat(json.has("data")).isFalse();
            assertThat(EventJson.read(Json.text(json)).payload()).isEqualTo(payload);
        }
    }

    @Test
    void jsonNullIsAPayload() {
        assertThat(EventJson.read("{\"data\":null}").payloadText()).isEqualTo("null");
    }

    @Test
    void mistakesAreNamed() {
        refused("[1]", "JSON object");
        refused("{\"data\":1", "not JSON");
        refused("{\"data\":1} {}", "not JSON");
        refused("{}", "data");
        refused("{\"data\":1,\"data_base64\":\"\"}", "either");
        refused("{\"data\":1,\"typ\":\"x\"}", "no field typ");
        refused("{\"data\":1,\"type\":7}", "type is not text");
        refused("{\"data\":1,\"tags\":\"x\"}", "tags");
        refused("{\"data\":1,\"time\":\"yesterday\"}", "RFC 3339");
        refused("{\"data_base64\":\"%\"}", "base64");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode written(Event event) {
        return EventJson.write(new RecordedEvent("t", 7, 1_000_000_001L, event));
    }

    private static void refused(String json, String reason) {
        assertThatThrownBy(() -> EventJson.read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
