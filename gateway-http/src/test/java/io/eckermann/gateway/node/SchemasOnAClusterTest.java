package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.PutSchemaRequest;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.Schema;
import io.eckermann.protocol.v1.SchemasGrpc;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas and filters on a real cluster, through both doors of every node. */
final class SchemasOnAClusterTest {
    private static final String OBJECT = "{\"type\":\"object\",\"required\":[\"n\"]}";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path root;

    @Test
    void everyNodeJudgesByWhatWasRegisteredAndFiltersAtBothDoors() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 3)) {
            cluster.startAll();
            String follower = cluster.follower();
            createStrictTopic(cluster.channel(follower));
            HttpResponse<String> put = send(cluster, follower, "PUT", "/v1/topics/orders/schemas/Placed", OBJECT);
            assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
            putProtobuf(cluster.channel(cluster.awaitLeader()));

            long n = 0;
            for (String id : cluster.ids()) {
                Await.until("the schemas are on " + id, () -> schemas(cluster, id) == 2);
                append(cluster.channel(id), event("Placed", "{\"n\":" + ++n + "}"));
                append(
                        cluster.channel(id),
                        event("Batch", Events.getDefaultInstance().toByteString()));
                assertRefused(cluster, id);
            }
            cluster.stop(follower);
            cluster.start(follower);
            assertRefused(cluster, follower);

            for (String id : cluster.ids()) {
                assertThat(found(cluster.channel(id), "type == 'Placed' && data.n >= 2"))
                        .as(id)
                        .containsExactly(3L, 5L);
                String filter = URLEncoder.encode("has(data.n) && data.n == 3", StandardCharsets.UTF_8);
                assertThat(send(cluster, id, "GET", "/v1/topics/orders/events?filter=" + filter, "")
                                .body())
                        .contains("\"position\":5")
                        .doesNotContain("\"position\":3");
            }
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    private void assertRefused(TestCluster cluster, String id) throws Exception {
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class, () -> append(cluster.channel(id), event("Placed", "{}")));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        String json = "{\"type\":\"Placed\",\"data\":[1]}";
        HttpResponse<String> problem = send(cluster, id, "POST", "/v1/topics/orders/events", json);
        assertThat(problem.statusCode()).isEqualTo(400);
        assertThat(problem.body()).contains("SCHEMA_MISMATCH");
    }

    private static void createStrictTopic(Channel channel) {
        CreateTopicRequest request = CreateTopicRequest.newBuilder()
                .setName("orders")
                .setSettings(TopicSettings.newBuilder().setValidate(TopicSettings.Validate.STRICT))
                .build();
        assertThat(TopicsGrpc.newBlockingStub(channel).createTopic(request).getCreated())
                .isTrue();
    }

    private static void putProtobuf(Channel channel) {
        FileDescriptorSet files = FileDescriptorSet.newBuilder()
                .addFile(Event.getDescriptor().getFile().toProto())
                .build();
        PutSchemaRequest request = PutSchemaRequest.newBuilder()
                .setTopic("orders")
                .setType("Batch")
                .setFormat(Schema.Format.PROTOBUF)
                .setContent(files.toByteString())
                .setMessage("eckermann.v1.Events")
                .build();
        assertThat(SchemasGrpc.newBlockingStub(channel).putSchema(request).getCreated())
                .isTrue();
    }

    private static long schemas(TestCluster cluster, String id) {
        var view = cluster.running(id).state().view();
        return view.topic("orders")
                .map(topic -> (long) view.schemas(topic.id(), "").size())
                .orElse(0L);
    }

    private static Event event(String type, String payload) {
        return event(type, ByteString.copyFromUtf8(payload));
    }

    private static Event event(String type, ByteString payload) {
        return Event.newBuilder().setType(type).setPayload(payload).build();
    }

    private static void append(Channel channel, Event event) {
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic("orders")
                .setEvents(Events.newBuilder().addEvents(event))
                .build();
        assertThat(LogGrpc.newBlockingStub(channel).append(request).getFirst()).isPositive();
    }

    private static List<Long> found(Channel channel, String filter) {
        List<Long> positions = new ArrayList<>();
        ReadRequest request =
                ReadRequest.newBuilder().setTopic("orders").setFilter(filter).build();
        LogGrpc.newBlockingStub(channel)
                .read(request)
                .forEachRemaining((ReadFrame frame) ->
                        frame.getEvents().getEventsList().forEach(event -> positions.add(event.getPosition())));
        return positions;
    }

    private HttpResponse<String> send(TestCluster cluster, String id, String method, String target, String body)
            throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(id) + target))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
