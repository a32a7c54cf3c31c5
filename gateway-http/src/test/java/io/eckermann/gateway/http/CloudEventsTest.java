package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.eckermann.gateway.http.json.CloudEventJson;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.EventBatch;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.RecordedEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;

/** What the official SDK sends is stored, and what it is sent back is what it sent. */
class CloudEventsTest {
    private static final String EVENTS = "/v1/topics/quotes/events";
    private static final String GOOD =
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/weimar\",\"type\":\"Said\",\"data\":1}";

    private final FakeUseCases store = new FakeUseCases();
    private final TestDoor door;

    CloudEventsTest() throws IOException {
        door = new TestDoor(store);
    }

    @AfterProperty
    void close() {
        door.close();
    }

    /** What is generated: payloads that fit their type. */
    record Data(String contentType, ByteString bytes) {}

    @Provide
    Arbitrary<CloudEvent> cloudEvents() {
        return cloudEvents(Arbitraries.strings()
                .withCharRange(' ', '~')
                .withCharRange('\u00a1', '\u024f')
                .withChars("€𝄞\"%\\")
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text)));
    }

    /** The SDK writes and reads headers as they are, without the encoding that the binding asks for. */
    @Provide
    Arbitrary<CloudEvent> plainCloudEvents() {
        return cloudEvents(Arbitraries.strings()
                .withCharRange('#', '$')
                .withCharRange('&', '~')
                .ofMinLength(1)
                .ofMaxLength(12));
    }

    private static Arbitrary<CloudEvent> cloudEvents(Arbitrary<String> texts) {
        Arbitrary<URI> sources = Arbitraries.of("/weimar", "urn:eckermann:1", "https://goethe.example/a?b=c#e", "a")
                .map(URI::create);
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .ofMinLength(1)
                .ofMaxLength(20)
                .map(name -> "x" + name.substring(1));
        Arbitrary<Data> data = Arbitraries.oneOf(
                Arbitraries.of("{\"a\":[1,\"b\"]}", "1", "\"text\"", "true")
                        .flatMap(json -> Arbitraries.of(
                                        "application/json", "application/x+json", "text/json; charset=utf-8")
                                .map(type -> new Data(type, ByteString.copyFromUtf8(json)))),
                texts.map(text -> new Data("text/plain", ByteString.copyFromUtf8(text))),
                Arbitraries.bytes()
                        .array(byte[].class)
                        .ofMinSize(1)
                        .ofMaxSize(20)
                        .map(bytes -> new Data("application/octet-stream", ByteString.copyFrom(bytes))));
        Arbitrary<Long> times = Arbitraries.longs().between(-1_000_000_000L, 4_000_000_000L);
        return Combinators.combine(
                        texts, sources, texts, texts.optional(), times.optional(), data.optional(), names, texts)
                .as((id, source, type, subject, time, payload, name, extension) -> {
                    CloudEventBuilder event = CloudEventBuilder.v1()
                            .withId(id)
                            .withSource(source)
                            .withType(type)
                            .withTime(OffsetDateTime.ofInstant(
                                    java.time.Instant.ofEpochSecond(time.orElse(0L), 123_456_789), ZoneOffset.UTC))
                            .withExtension(name, extension);
                    subject.ifPresent(event::withSubject);
                    payload.ifPresent(what -> event.withDataContentType(what.contentType())
                            .withDataSchema(URI.create("https://goethe.example/schema"))
                            .withData(what.bytes().toByteArray()));
                    return event.build();
                });
    }

    @Property(tries = 60)
    void aStructuredEventComesBackAsItWasSent(
            @ForAll("cloudEvents") CloudEvent sent, @ForAll int number, @ForAll boolean flag) {
        CloudEvent typed = CloudEventBuilder.v1(sent)
                .withExtension("number", number)
                .withExtension("flag", flag)
                .build();
        door.send(request("POST", EVENTS)
                .header("Content-Type", CloudEventJson.ONE)
                .POST(BodyPublishers.ofByteArray(new JsonFormat().serialize(typed)))
                .build());
        serve(appended());
        HttpResponse<byte[]> answer = get(EVENTS + "/7", CloudEventJson.ONE);
        assertThat(answer.headers().firstValue("Content-Type")).contains(CloudEventJson.ONE);
        CloudEvent back = new JsonFormat().deserialize(answer.body());
        assertSame(back, typed);
        assertThat(back.getExtension("number")).isEqualTo(number);
        assertThat(back.getExtension("flag")).isEqualTo(flag);
        assertThat(back.getExtension("eckermannposition")).isEqualTo("7");
    }

    @Property(tries = 60)
    void aBinaryEventComesBackAsItWasSent(@ForAll("plainCloudEvents") CloudEvent sent) {
        HttpRequest.Builder request = request("POST", EVENTS);
        HttpMessageFactory.createWriter(
                        request::header,
                        body -> request.POST(body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body)))
                .writeBinary(sent);
        assertThat(door.send(request.build()).statusCode()).isEqualTo(201);
        serve(appended());
        HttpResponse<byte[]> answer = get(EVENTS + "/7?cloudevent=binary", "*/*");
        assertSame(
                HttpMessageFactory.createReaderFromMultimap(answer.headers().map(), answer.body())
                        .toEvent(),
                sent);
    }

    @Property(tries = 20)
    void aBatchComesBackAsItWasSent(@ForAll("cloudEvents") CloudEvent one, @ForAll("cloudEvents") CloudEvent other) {
        String body = "[" + json(one) + "," + json(other) + "]";
        assertThat(door.send("POST", EVENTS, body, "Content-Type", CloudEventJson.BATCH)
                        .statusCode())
                .isEqualTo(201);
        serve(appended());
        HttpResponse<byte[]> answer = get(EVENTS, CloudEventJson.BATCH);
        JsonNode batch = TestDoor.json(new String(answer.body(), StandardCharsets.UTF_8));
        assertThat(batch).hasSize(2);
        assertSame(deserialized(batch.get(0)), one);
        assertSame(deserialized(batch.get(1)), other);
        assertThat(answer.headers().firstValue("Eckermann-Next")).contains("9");
    }

    @Example
    void headersAreEncodedAsTheBindingSays() {
        String encoded = "Euro%20%E2%82%AC%20%F0%9F%98%80%22";
        door.send(
                "POST",
                EVENTS,
                "x",
                "ce-specversion",
                "1.0",
                "ce-id",
                "1",
                "ce-source",
                "/a%2520b",
                "ce-type",
                "T",
                "ce-subject",
                encoded,
                "ce-quoted",
                "\"a \\\"b\"");
        Events events = appended();
        assertThat(events.getEvents(0).getKey()).isEqualTo("Euro € 😀\"");
        assertThat(events.getEvents(0).getHeadersMap()).isEqualTo(Map.of("ce-source", "/a%20b", "ce-quoted", "a \"b"));
        serve(events);
        HttpResponse<byte[]> answer = get(EVENTS + "/7?cloudevent=binary", "*/*");
        assertThat(answer.headers().firstValue("ce-subject")).contains(encoded);
        assertThat(answer.headers().firstValue("ce-source")).contains("/a%2520b");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
    }

    @Example
    void whatAnEventHasBesideACloudEventTravelsAsExtensions() {
        Event event = Event.newBuilder()
                .setPayload(ByteString.copyFromUtf8("{}"))
                .setType("Said")
                .setKey("goethe")
                .addTags("a,b")
                .addTags("c")
                .putHeaders("trace", "t1")
                .build();
        serve(Events.newBuilder().addEvents(event).build());
        String shown = new String(get(EVENTS + "/7", CloudEventJson.ONE).body(), StandardCharsets.UTF_8);
        JsonNode json = TestDoor.json(shown);
        assertThat(json.get("id").asText()).isEqualTo("7");
        assertThat(json.get("source").asText()).isEqualTo("/v1/topics/quotes");
        assertThat(json.get("subject").asText()).isEqualTo("goethe");
        assertThat(json.get("eckermanntags").asText()).isEqualTo("[\"a,b\",\"c\"]");
        store.asked.clear();
        door.send("POST", EVENTS, shown, "Content-Type", CloudEventJson.ONE);
        Event again = appended().getEvents(0);
        assertThat(again.getTagsList()).containsExactly("a,b", "c");
        assertThat(again.getHeadersMap()).isEqualTo(Map.of("trace", "t1", "ce-source", "/v1/topics/quotes"));
        assertThat(again.getPayload()).isEqualTo(event.getPayload());
    }

    @Example
    void whatIsNoCloudEventIsRefusedNamingTheAttribute() {
        for (String name : List.of("specversion", "id", "source", "type")) {
            refused(name, GOOD.replaceFirst("\"" + name + "\":\"[^\"]*\",", ""));
        }
        refused("specversion", GOOD.replace("1.0", "0.3"));
        refused("data_base64", GOOD.replace("\"data\":1", "\"data_base64\":\"?\""));
        refused("data_base64", GOOD.replace("\"data\":1", "\"data\":1,\"data_base64\":\"AA==\""));
        refused("time", GOOD.replace("\"data\":1", "\"time\":\"yesterday\""));
        refused("time", GOOD.replace("\"data\":1", "\"time\":\"17\""));
        refused("source", GOOD.replace("/weimar", "a b"));
        refused("subject", GOOD.replace("\"data\":1", "\"subject\":\"\""));
        refused("Upper", GOOD.replace("\"data\":1", "\"Upper\":\"x\""));
        refused("list", GOOD.replace("\"data\":1", "\"list\":[]"));
        refused("id", GOOD.replace("\"1\"", "1"));
        refused("data", GOOD.replace("\"data\":1", "\"datacontenttype\":\"text/plain\",\"data\":1"));
        refused("eckermanntags", GOOD.replace("\"data\":1", "\"eckermanntags\":\"{}\""));
        assertThat(field(door.send("POST", EVENTS, "[" + GOOD + ",{}]", "Content-Type", CloudEventJson.BATCH)))
                .isEqualTo("[1].specversion");
        assertThat(field(door.send("POST", EVENTS, GOOD, "Content-Type", CloudEventJson.BATCH)))
                .isEqualTo("body");
        assertThat(field(door.send("POST", EVENTS, "x", "Content-Type", "text/plain", "ce-id", "1")))
                .isEqualTo("ce-specversion");
        assertThat(field(door.send(
                        "POST", EVENTS, "x", "Content-Type", "text/plain", "ce-specversion", "1.0", "ce-id", "%zz")))
                .isEqualTo("ce-id");
        assertThat(field(door.send("POST", EVENTS, GOOD, "Content-Type", CloudEventJson.ONE, "Eckermann-Type", "x")))
                .isEqualTo("Eckermann-Type");
        assertThat(store.asked).isEmpty();
    }

    private void refused(String attribute, String body) {
        assertThat(field(door.send("POST", EVENTS, body, "Content-Type", CloudEventJson.ONE)))
                .as(body)
                .isEqualTo(attribute);
    }

    private static String field(HttpResponse<String> response) {
        JsonNode problem = AppendRouteTest.problem(response, 400, "BAD_REQUEST");
        assertThat(problem.get("detail").asText()).contains(problem.get("field").asText());
        return problem.get("field").asText();
    }

    /** The same in all that a sender said. */
    private static void assertSame(CloudEvent back, CloudEvent sent) {
        assertThat(back.getId()).isEqualTo(sent.getId());
        assertThat(back.getSource()).isEqualTo(sent.getSource());
        assertThat(back.getType()).isEqualTo(sent.getType());
        assertThat(back.getSubject()).isEqualTo(sent.getSubject());
        assertThat(back.getTime()).isEqualTo(sent.getTime());
        assertThat(back.getDataContentType()).isEqualTo(sent.getDataContentType());
        assertThat(back.getDataSchema()).isEqualTo(sent.getDataSchema());
        for (String name : sent.getExtensionNames()) {
            assertThat(back.getExtension(name)).as(name).isEqualTo(sent.getExtension(name));
        }
        assertThat(bytes(back)).isEqualTo(bytes(sent));
    }

    private static byte[] bytes(CloudEvent event) {
        return event.getData() == null ? new byte[0] : event.getData().toBytes();
    }

    private static String json(CloudEvent event) {
        return new String(new JsonFormat().serialize(event), StandardCharsets.UTF_8);
    }

    private static CloudEvent deserialized(JsonNode node) {
        return new JsonFormat().deserialize(node.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Events appended() {
        return ((AppendRequest) store.asked.remove()).getEvents();
    }

    /** Reads find these events, from position 7 on. */
    private void serve(Events events) {
        EventBatch.Builder batch = EventBatch.newBuilder();
        for (Event event : events.getEventsList()) {
            batch.addEvents(RecordedEvent.newBuilder()
                    .setPosition(7 + batch.getEventsCount())
                    .setRecordedNs(FakeUseCases.RECORDED_NS)
                    .setEvent(event));
        }
        long head = 6L + batch.getEventsCount();
        store.onRead = request -> ScriptedStream.of(
                ScriptedStream.started(7, head),
                ReadFrame.newBuilder().setEvents(batch).build(),
                ScriptedStream.caughtUp(head, true));
    }

    private HttpResponse<byte[]> get(String target, String accept) {
        HttpResponse<byte[]> answer =
                door.send(door.request(target, "Accept", accept).build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        store.asked.clear();
        return answer;
    }

    private HttpRequest.Builder request(String method, String target) {
        return door.request(target).method(method, BodyPublishers.noBody());
    }
}
