package io.eckermann.gateway.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Answers;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.CheckPayloadRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteSchemaRequest;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.GetSchemaRequest;
import io.eckermann.protocol.v1.Producer;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Appends to a topic that has schemas, over the real state machine. */
class ValidatedTopicTest {
    private static final String OBJECT = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}";

    private final Threads threads = new Threads();
    private final StoredShard stored;
    private final AppendHandler appends;
    private final TopicHandler topics;
    private final SchemaHandler schemas;

    ValidatedTopicTest(@TempDir Path directory) {
        stored = new StoredShard(directory);
        appends = new AppendHandler(stored.shard(), threads.reads, Idempotency.USUAL, Quotas.NONE);
        topics = new TopicHandler(stored.shard(), threads.reads);
        schemas = new SchemaHandler(stored.shard(), threads.reads);
    }

    @BeforeEach
    void createTopic() {
        Answers.of(
                topics.create(CreateTopicRequest.newBuilder().setName("orders").build(), Answers.LONG));
    }

    @AfterEach
    void stop() {
        threads.close();
        Answers.await(threads::stopped);
        stored.close();
    }

    @Test
    void payloadsAreLookedAtFromWhenTheTopicValidates() {
        put("Placed", OBJECT);
        append(event("Placed", "no json"));

        validate(TopicSettings.Validate.ON_APPEND);

        StoreException refused = Answers.failureOf(
                appends.append(request(event("Placed", "{\"n\":1}"), event("Placed", "{\"n\":\"x\"}")), Answers.LONG));
        assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(refused.facts())
                .containsEntry("event", "2")
                .containsEntry("event_type", "Placed")
                .containsEntry("path", "/n")
                .containsEntry("schema_version", "1")
                .containsKey("reason");
        assertThat(append(event("Placed", "{\"n\":1}")).getFirst())
                .as("nothing of it was appended")
                .isEqualTo(2);

        validate(TopicSettings.Validate.OFF);
        append(event("Placed", "no json"));
    }

    @Test
    void typesWithoutASchemaAreRefusedOnlyWhenStrict() {
        put("Placed", OBJECT);
        validate(TopicSettings.Validate.ON_APPEND);
        append(event("Paid", "anything"));
        append(event("", "anything"));

        validate(TopicSettings.Validate.STRICT);
        for (String type : List.of("Paid", "")) {
            StoreException refused = Answers.failureOf(appends.append(request(event(type, "anything")), Answers.LONG));
            assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
            assertThat(refused.facts()).containsEntry("event", "1").containsEntry("event_type", type);
        }
        append(event("Placed", "{}"));
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "ZSTD", "LZ4"})
    void encodedChunksAreLookedInto(Encoding encoding) {
        put("Placed", OBJECT);
        validate(TopicSettings.Validate.ON_APPEND);
        assertThat(append(encoded(encoding, event("Placed", "{\"n\":1}"))).getFirst())
                .isEqualTo(1);
        StoreException refused = Answers.failureOf(
                appends.append(encoded(encoding, event("Placed", "{\"n\":1}"), event("Placed", "[]")), Answers.LONG));
        assertThat(refused.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
        assertThat(refused.facts()).containsEntry("event", "2").containsEntry("path", "");
    }

    @Test
    void theNewestVersionCountsAndADeletedOneNoMore() {
        put("Placed", OBJECT);
        validate(TopicSettings.Validate.STRICT);
        append(event("Placed", "{}"));
        assertThat(put("Placed", "{\"type\":\"object\",\"required\":[\"n\"]}")).isEqualTo(2);
        assertThat(put("Placed", "{\"type\":\"object\",\"required\":[\"n\"]}"))
                .as("the same")
                .isEqualTo(2);

        StoreException refused = Answers.failureOf(appends.append(request(event("Placed", "{}")), Answers.LONG));
        assertThat(refused.facts()).containsEntry("schema_version", "2").containsEntry("path", "");

        delete(2);
        append(event("Placed", "{}"));
        delete(0);
        assertThat(Answers.failureOf(appends.append(request(event("Placed", "{}")), Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    }

    @Test
    void whatWasAcceptedIsAnsweredAgainThoughTheSchemaHasChanged() {
        validate(TopicSettings.Validate.ON_APPEND);
        AppendRequest numbered = request(event("Placed", "old")).toBuilder()
                .setProducer(Producer.newBuilder().setId("p").setSequence(1))
                .build();
        AppendRequest named = request(event("Placed", "old")).toBuilder()
                .setIdempotencyKey("once")
                .build();
        append(numbered);
        append(named);
        put("Placed", OBJECT);

        assertThat(append(numbered).getDuplicate()).isTrue();
        assertThat(append(named).getFirst()).isEqualTo(2);
        AppendRequest next = numbered.toBuilder()
                .setProducer(Producer.newBuilder().setId("p").setSequence(2))
                .build();
        assertThat(Answers.failureOf(appends.append(next, Answers.LONG)).code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    }

    @Test
    void appendsOfOneThreadStayInTheirOrder() {
        put("Placed", OBJECT);
        validate(TopicSettings.Validate.STRICT);
        List<CompletableFuture<AppendResponse>> sent = new ArrayList<>();
        for (int n = 0; n < 50; n++) {
            sent.add(appends.append(request(event("Placed", "{\"n\":" + n + "}")), Answers.LONG));
        }
        for (int n = 0; n < 50; n++) {
            assertThat(Answers.of(sent.get(n)).getFirst()).isEqualTo(n + 1);
        }
    }

    @Test
    void badRegistrationsAreRefused() {
        PutSchemaRequest good = PutSchemaRequest.newBuilder()
                .setTopic("orders")
                .setType("Placed")
                .setContent(ByteString.copyFromUtf8("{}"))
                .build();
        assertThat(refusal(good.toBuilder().setTopic("missing"))).isEqualTo(ErrorCode.TOPIC_NOT_FOUND);
        assertThat(refusal(good.toBuilder().setType(""))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setType("a\nb"))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setType("a".repeat(250)))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setContent(ByteString.EMPTY))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setContent(ByteString.copyFrom(new byte[(256 << 10) + 1]))))
                .isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setMessage("a.B"))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setFormatValue(9))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setFormat(Schema.Format.PROTOBUF))).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(refusal(good.toBuilder().setContent(ByteString.copyFromUtf8("{\"type\":5}"))))
                .isEqualTo(ErrorCode.BAD_SCHEMA);
        assertThat(Answers.failureOf(schemas.get(
                                GetSchemaRequest.newBuilder()
                                        .setTopic("orders")
                                        .setType("Placed")
                                        .build(),
                                Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.SCHEMA_NOT_FOUND);
        assertThat(Answers.failureOf(topics.update(
                                UpdateTopicRequest.newBuilder()
                                        .setName("orders")
                                        .setValidateValue(9)
                                        .build(),
                                Answers.LONG))
                        .code())
                .isEqualTo(ErrorCode.BAD_REQUEST);
    }

    @Test
    void checkTellsAllFaultsAndAppendsNothing() {
        put("Placed", OBJECT);
        CheckPayloadRequest bad = CheckPayloadRequest.newBuilder()
                .setTopic("orders")
                .setType("Placed")
                .setPayload(ByteString.copyFromUtf8("{\"n\":\"x\"}"))
                .build();
        assertThat(Answers.of(schemas.check(bad, Answers.LONG)).getFaultsList())
                .singleElement()
                .satisfies(fault -> assertThat(fault.getPath()).isEqualTo("/n"));
        CheckPayloadRequest good =
                bad.toBuilder().setPayload(ByteString.copyFromUtf8("{}")).build();
        assertThat(Answers.of(schemas.check(good, Answers.LONG)).getFaultsList())
                .isEmpty();
        assertThat(stored.shard().view().topic("orders").orElseThrow().head()).isZero();
    }

    private ErrorCode refusal(PutSchemaRequest.Builder request) {
        return Answers.failureOf(schemas.put(request.build(), Answers.LONG)).code();
    }

    private int put(String type, String schema) {
        PutSchemaRequest request = PutSchemaRequest.newBuilder()
                .setTopic("orders")
                .setType(type)
                .setContent(ByteString.copyFromUtf8(schema))
                .build();
        return Answers.of(schemas.put(request, Answers.LONG)).getSchema().getVersion();
    }

    private void delete(int version) {
        Answers.of(schemas.delete(
                DeleteSchemaRequest.newBuilder()
                        .setTopic("orders")
                        .setType("Placed")
                        .setVersion(version)
                        .build(),
                Answers.LONG));
    }

    private void validate(TopicSettings.Validate how) {
        Answers.of(topics.update(
                UpdateTopicRequest.newBuilder()
                        .setName("orders")
                        .setValidate(how)
                        .build(),
                Answers.LONG));
    }

    private AppendResponse append(Event event) {
        return append(request(event));
    }

    private AppendResponse append(AppendRequest request) {
        return Answers.of(appends.append(request, Answers.LONG));
    }

    private static AppendRequest request(Event... events) {
        return AppendRequest.newBuilder()
                .setTopic("orders")
                .setEvents(Events.newBuilder().addAllEvents(List.of(events)))
                .build();
    }

    private static AppendRequest encoded(Encoding encoding, Event... events) {
        ByteString body = BodyCompression.compress(encoding, EventsCodec.body(List.of(events)));
        EncodedEvents encoded = EventsCodec.encoded(encoding, body, events.length);
        return AppendRequest.newBuilder().setTopic("orders").setEncoded(encoded).build();
    }

    private static Event event(String type, String payload) {
        return Event.newBuilder()
                .setType(type)
                .setPayload(ByteString.copyFromUtf8(payload))
                .build();
    }
}
