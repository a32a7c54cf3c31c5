package io.eckermann.gateway.http;

import io.eckermann.gateway.access.AccessUseCases;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.webhooks.WebhookUseCases;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.CommitCursorRequest;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.DeleteCursorRequest;
import io.eckermann.protocol.v1.DeleteCursorResponse;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.GetCursorRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.GetKeyResponse;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListCursorsRequest;
import io.eckermann.protocol.v1.ListCursorsResponse;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ResetCursorRequest;
import io.eckermann.protocol.v1.ScavengeRequest;
import io.eckermann.protocol.v1.ScavengeResponse;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.eckermann.protocol.v1.TimelineSlot;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.TruncateTopicResponse;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicResponse;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** Remembers what it was asked and answers what the test says; by default something plausible. */
final class FakeUseCases implements UseCases, ClusterHandler {
    static final long RECORDED_NS = 1_700_000_000_123_456_789L;

    final Queue<Object> asked = new ConcurrentLinkedQueue<>();
    volatile Function<AppendRequest, CompletableFuture<AppendResponse>> onAppend = request -> {
        int count = request.getEvents().getEventsCount();
        return CompletableFuture.completedFuture(AppendResponse.newBuilder()
                .setFirst(5)
                .setLast(4 + count)
                .setHead(4 + count)
                .setRecordedNs(RECORDED_NS)
                .build());
    };
    volatile Function<ReadRequest, ReadStream> onRead = request -> ScriptedStream.of();
    volatile Optional<String> notReady = Optional.empty();
    volatile Optional<String> leader = Optional.empty();

    /** There are none here. */
    @Override
    public GroupUseCases groups() {
        return none(GroupUseCases.class);
    }

    @Override
    public ClusterCommands commands() {
        return none(ClusterCommands.class);
    }

    /** There are none here. */
    @Override
    public WebhookUseCases webhooks() {
        return none(WebhookUseCases.class);
    }

    /** There is nobody here. */
    @Override
    public AccessUseCases access() {
        return none(AccessUseCases.class);
    }

    private static <T> T none(Class<T> useCases) {
        return useCases.cast(
                Proxy.newProxyInstance(useCases.getClassLoader(), new Class<?>[] {useCases}, (self, asked, with) -> {
                    throw new AssertionError(asked);
                }));
    }

    @Override
    public CompletableFuture<AppendResponse> append(AppendRequest request, Duration timeout) {
        asked.add(request);
        return onAppend.apply(request);
    }

    @Override
    public CompletableFuture<AppendManyResponse> appendMany(AppendManyRequest request, Duration timeout) {
        return answered(request, AppendManyResponse.getDefaultInstance());
    }

    @Override
    public CompletableFuture<ReadStream> read(ReadRequest request, Duration timeout) {
        asked.add(request);
        if (request.getTopic().equals("nowhere")) {
            return CompletableFuture.failedFuture(topicNotFound(request.getTopic()));
        }
        return CompletableFuture.completedFuture(onRead.apply(request));
    }

    @Override
    public CompletableFuture<ExplainResponse> explain(ExplainRequest request, Duration timeout) {
        return CompletableFuture.completedFuture(ExplainResponse.getDefaultInstance());
    }

    @Override
    public CompletableFuture<GetKeyResponse> key(GetKeyRequest request, Duration timeout) {
        return CompletableFuture.completedFuture(
                GetKeyResponse.newBuilder().setVersion(2).setLast(5).setHead(7).build());
    }

    @Override
    public CompletableFuture<GetHeadResponse> head(GetHeadRequest request, Duration timeout) {
        return answered(
                request,
                GetHeadResponse.newBuilder()
                        .setHead(7)
                        .setFirst(1)
                        .setLastRecordedNs(RECORDED_NS)
                        .build());
    }

    @Override
    public CompletableFuture<CreateTopicResponse> createTopic(CreateTopicRequest request, Duration timeout) {
        return answered(
                request,
                CreateTopicResponse.newBuilder()
                        .setCreated(!request.getName().equals("old"))
                        .setTopic(topic(request.getName()).setSettings(request.getSettings()))
                        .build());
    }

    @Override
    public CompletableFuture<Topic> topic(GetTopicRequest request, Duration timeout) {
        return request.getName().equals("nowhere")
                ? CompletableFuture.failedFuture(topicNotFound(request.getName()))
                : answered(request, topic(request.getName()).build());
    }

    @Override
    public CompletableFuture<ListTopicsResponse> topics(ListTopicsRequest request, Duration timeout) {
        return answered(
                request,
                ListTopicsResponse.newBuilder()
                        .addTopics(topic("a"))
                        .addTopics(topic("b"))
                        .build());
    }

    @Override
    public CompletableFuture<DeleteTopicResponse> deleteTopic(DeleteTopicRequest request, Duration timeout) {
        return answered(request, DeleteTopicResponse.getDefaultInstance());
    }

    @Override
    public CompletableFuture<UpdateTopicResponse> updateTopic(UpdateTopicRequest request, Duration timeout) {
        return answered(
                request,
                UpdateTopicResponse.newBuilder()
                        .setTopic(topic(request.getName()))
                        .build());
    }

    @Override
    public CompletableFuture<TruncateTopicResponse> truncateTopic(TruncateTopicRequest request, Duration timeout) {
        return answered(
                request,
                TruncateTopicResponse.newBuilder().setFirst(5).setHead(7).build());
    }

    @Override
    public CompletableFuture<DeleteEventResponse> deleteEvent(DeleteEventRequest request, Duration timeout) {
        return answered(
                request, DeleteEventResponse.newBuilder().setDeleted(true).build());
    }

    @Override
    public CompletableFuture<Cursor> commitCursor(CommitCursorRequest request, Duration timeout) {
        return answered(request, cursor(request.getConsumer(), request.getTopic(), request.getPosition()));
    }

    @Override
    public CompletableFuture<Cursor> cursor(GetCursorRequest request, Duration timeout) {
        return answered(request, cursor(request.getConsumer(), request.getTopic(), 3));
    }

    @Override
    public CompletableFuture<ListCursorsResponse> cursors(ListCursorsRequest request, Duration timeout) {
        return answered(
                request,
                ListCursorsResponse.newBuilder().addCursors(cursor("c", "a", 3)).build());
    }

    @Override
    public CompletableFuture<DeleteCursorResponse> deleteCursor(DeleteCursorRequest request, Duration timeout) {
        return answered(request, DeleteCursorResponse.getDefaultInstance());
    }

    @Override
    public CompletableFuture<EventTimePage> byEventTime(ReadByEventTimeRequest request, Duration timeout) {
        return answered(request, EventTimePage.newBuilder().setHead(7).build());
    }

    @Override
    public CompletableFuture<TimelineResponse> timeline(TimelineRequest request, Duration timeout) {
        return answered(
                request,
                TimelineResponse.newBuilder()
                        .setSlotNs(request.getSlotNs())
                        .setFirst(1)
                        .setHead(7)
                        .setNextNs(RECORDED_NS)
                        .addSlots(TimelineSlot.newBuilder()
                                .setStartNs(RECORDED_NS)
                                .setFirst(2)
                                .setLast(4)
                                .setCount(3))
                        .build());
    }

    @Override
    public CompletableFuture<Cursor> resetCursor(ResetCursorRequest request, Duration timeout) {
        return answered(request, cursor(request.getConsumer(), request.getTopic(), request.getPosition()));
    }

    @Override
    public CompletableFuture<ScavengeResponse> scavenge(ScavengeRequest request, Duration timeout) {
        return answered(request, ScavengeResponse.newBuilder().addNodes("n1").build());
    }

    @Override
    public ClusterHandler cluster() {
        return this;
    }

    @Override
    public ClusterView view() {
        return ClusterView.newBuilder()
                .setClusterId("c1")
                .setAnsweredBy("n1")
                .setTerm(4)
                .addNodes(NodeView.newBuilder().setId("n1").setRole(NodeView.Role.FOLLOWER))
                .build();
    }

    @Override
    public Optional<String> notReadyReason() {
        return notReady;
    }

    @Override
    public CompletableFuture<Optional<String>> leaderHttpAddress(String topicOrNone) {
        return CompletableFuture.completedFuture(leader.map(address -> topicOrNone + "." + address));
    }

    private <T> CompletableFuture<T> answered(Object request, T answer) {
        asked.add(request);
        return CompletableFuture.completedFuture(answer);
    }

    private static Topic.Builder topic(String name) {
        return Topic.newBuilder().setName(name).setId(1).setHead(7).setFirst(1).setLastRecordedNs(RECORDED_NS);
    }

    private static Cursor cursor(String consumer, String topic, long position) {
        return Cursor.newBuilder()
                .setConsumer(consumer)
                .setTopic(topic)
                .setPosition(position)
                .setHead(7)
                .setLag(7 - position)
                .build();
    }

    private static StoreException topicNotFound(String topic) {
        return new StoreException(ErrorCode.TOPIC_NOT_FOUND, "There is no such topic; create it first.")
                .with("topic", topic);
    }

    @Override
    public SchemaHandler schemas() {
        throw new UnsupportedOperationException("ask a StoredShard");
    }
}
