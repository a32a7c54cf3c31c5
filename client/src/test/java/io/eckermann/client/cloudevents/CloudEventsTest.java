package io.eckermann.client.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.eckermann.client.Event;
import io.eckermann.client.RecordedEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;

class CloudEventsTest {
    private static final long RECORDED_NS = 1_700_000_000_123_456_789L;

    @Test
    void everythingThatACloudEventSaysComesBack() {
        CloudEvent before = CloudEventBuilder.v1()
                .withId("q1")
                .withSource(URI.create("/weimar"))
                .withType("Said")
                .withSubject("goethe")
                .withTime(OffsetDateTime.parse("1832-03-22T11:30:00.000000001Z"))
                .withDataSchema(URI.create("https://example.org/said"))
                .withExtension("mood", "calm")
                .withExtension("loud", false)
                .withExtension("words", 2)
                .withData("text/plain", "More light!".getBytes(StandardCharsets.UTF_8))
                .build();
        Event event = CloudEvents.event(before);
        assertThat(event.key()).isEqualTo("goethe");
        assertThat(event.headers()).containsEntry("ce-words.type", "integer").containsEntry("ce-source", "/weimar");
        CloudEvent after = CloudEvents.of(recorded(event));
        assertThat(after.getExtension("eckermannposition")).isEqualTo("7");
        assertThat(after.getExtension("eckermanntime")).isEqualTo("2023-11-14T22:13:20.123456789Z");
        assertThat(CloudEventBuilder.v1(after)
                        .withoutExtension("eckermannposition")
                        .withoutExtension("eckermanntime")
                        .build())
                .isEqualTo(before);
        assertThat(CloudEvents.event(after)).isEqualTo(event);
    }

    @Test
    void everythingThatAnEventSaysComesBack() {
        Event event = Event.builder()
                .type("Paid")
                .key("order-17")
                .id("p-1")
                .tag("a")
                .tag("b \"c\"")
                .header("region", "eu")
                .header("ce-Odd", "kept")
                .payload("{\"total\":12}")
                .build();
        CloudEvent shown = CloudEvents.of(recorded(event));
        assertThat(shown.getSource()).isEqualTo(URI.create("/v1/topics/orders"));
        assertThat(shown.getDataContentType()).isEqualTo("application/json");
        Event again = CloudEvents.event(shown);
        assertThat(again.tags()).isEqualTo(event.tags());
        assertThat(again.headers()).containsEntry("region", "eu").containsEntry("ce-Odd", "kept");
        assertThat(again.payloadText()).isEqualTo(event.payloadText());
    }

    @Test
    void traceOfAnEventIsTheExtensionForIt() {
        String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        Event event = Event.builder().header("traceparent", parent).payload("1").build();
        CloudEvent shown = CloudEvents.of(recorded(event));
        assertThat(shown.getExtension("traceparent")).isEqualTo(parent);
        assertThat(shown.getExtensionNames()).doesNotContain("eckermannheaders");
        assertThat(CloudEvents.event(shown).headers()).containsEntry("traceparent", parent);
    }

    @Test
    void whatAnEventDoesNotSayIsSaidForIt() {
        CloudEvent shown = CloudEvents.of(
                recorded(Event.builder().payload(new byte[] {1, -1}).build()));
        assertThat(shown.getId()).isEqualTo("7");
        assertThat(shown.getType()).isEqualTo("eckermann.event");
        assertThat(shown.getDataContentType()).isEqualTo("application/octet-stream");
        assertThat(shown.getTime()).isEqualTo(OffsetDateTime.parse("2023-11-14T22:13:20.123456789Z"));
    }

    @Test
    void extensionOfTheStoreThatIsNoneIsRefused() {
        CloudEvent wrong = CloudEventBuilder.v1()
                .withId("1")
                .withSource(URI.create("/s"))
                .withType("T")
                .withExtension("eckermanntags", "not a list")
                .build();
        assertThatThrownBy(() -> CloudEvents.event(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eckermanntags");
    }

    private static RecordedEvent recorded(Event event) {
        return new RecordedEvent("orders", 7, RECORDED_NS, event);
    }
}
