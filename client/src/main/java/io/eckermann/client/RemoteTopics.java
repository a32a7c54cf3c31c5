package io.eckermann.client;

import io.eckermann.client.transport.Calls;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Topics} by calls to any node. */
final class RemoteTopics implements Topics {
    private final Calls calls;

    RemoteTopics(Calls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<CreatedTopic> create(String name, TopicSettings settings) {
        return create(CreateTopicRequest.newBuilder().setName(name).setSettings(settings.wire()));
    }

    @Override
    public CompletableFuture<CreatedTopic> create(String name, TopicSettings settings, int shard) {
        return create(CreateTopicRequest.newBuilder()
                .setName(name)
                .setSettings(settings.wire())
                .setShard(shard));
    }

    private CompletableFuture<CreatedTopic> create(CreateTopicRequest.Builder request) {
        return Failures.mapped(
                calls.createTopic(request.build()),
                made -> new CreatedTopic(Wire.topic(made.getTopic()), made.getCreated()));
    }

    @Override
    public CompletableFuture<Topic> get(String name, Consistency consistency) {
        GetTopicRequest request = GetTopicRequest.newBuilder()
                .setName(name)
                .setConsistency(Wire.consistency(consistency))
                .build();
        return Failures.mapped(calls.getTopic(request), Wire::topic);
    }

    @Override
    public CompletableFuture<List<Topic>> list(String prefix, Consistency consistency) {
        ListTopicsRequest request = ListTopicsRequest.newBuilder()
                .setPrefix(prefix)
                .setConsistency(Wire.consistency(consistency))
                .build();
        return Failures.mapped(
                calls.listTopics(request),
                list -> list.getTopicsList().stream().map(Wire::topic).toList());
    }

    @Override
    public CompletableFuture<TopicHead> head(String name, Consistency consistency) {
        GetHeadRequest request = GetHeadRequest.newBuilder()
                .setTopic(name)
                .setConsistency(Wire.consistency(consistency))
                .build();
        return Failures.mapped(
                calls.getHead(request),
                head -> new TopicHead(head.getHead(), head.getFirst(), head.getLastRecordedNs()));
    }

    @Override
    public CompletableFuture<Timeline> timeline(String name, Timeline.Range range) {
        return Failures.mapped(calls.timeline(range.wire(name)), Timeline::of);
    }

    @Override
    public CompletableFuture<Void> delete(String name) {
        return Failures.mapped(
                calls.deleteTopic(DeleteTopicRequest.newBuilder().setName(name).build()), done -> null);
    }

    @Override
    public CompletableFuture<Topic> update(String name, TopicChanges changes) {
        return Failures.mapped(calls.updateTopic(changes.wire(name)), updated -> Wire.topic(updated.getTopic()));
    }

    @Override
    public CompletableFuture<TopicHead> truncate(String name, long position) {
        return truncate(TruncateTopicRequest.newBuilder()
                .setName(name)
                .setPosition(position)
                .build());
    }

    @Override
    public CompletableFuture<TopicHead> truncateBefore(String name, Instant recorded) {
        return truncate(TruncateTopicRequest.newBuilder()
                .setName(name)
                .setTimeNs(Nanos.of(recorded))
                .build());
    }

    private CompletableFuture<TopicHead> truncate(TruncateTopicRequest request) {
        return Failures.mapped(
                calls.truncateTopic(request), truncated -> new TopicHead(truncated.getHead(), truncated.getFirst(), 0));
    }

    @Override
    public CompletableFuture<Boolean> deleteEvent(String name, long position) {
        DeleteEventRequest request = DeleteEventRequest.newBuilder()
                .setTopic(name)
                .setPosition(position)
                .build();
        return Failures.mapped(calls.deleteEvent(request), DeleteEventResponse::getDeleted);
    }
}
