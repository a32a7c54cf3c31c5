package io.eckermann.gateway.topics;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.TruncateTopicResponse;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicResponse;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Creates, shows, changes, truncates and deletes topics. Safe from any thread; never blocks the caller. */
public final class TopicHandler {
    private final Shard shard;
    private final ShardReads reads;
    private final TopicWrites writes;

    public TopicHandler(Shard shard, Executor reads) {
        this.shard = shard;
        this.reads = new ShardReads(shard, reads);
        this.writes = new TopicWrites(shard, reads);
    }

    public CompletableFuture<CreateTopicResponse> create(CreateTopicRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Deadline deadline = Deadline.after(timeout);
            String name = Names.topic(request.getName());
            TopicSettings settings = TopicRules.completed(request.getSettings());
            return shard.writes()
                    .submit(new Operation.CreateTopic(name, settings), deadline.remaining())
                    .thenCompose(result -> createResponse(name, settings, result, deadline));
        });
    }

    /** The answer is about the moment of creation: a node that has not heard of the topic yet need not wait until it has. */
    private CompletableFuture<CreateTopicResponse> createResponse(
            String name, TopicSettings settings, Result result, Deadline deadline) {
        if (result instanceof Result.Refused refused) {
            throw refused.toException().with("topic", name);
        }
        Result.TopicCreated done = (Result.TopicCreated) result;
        TopicState empty = new TopicState(done.topicId(), name, settings, 0, 1, 0, 0, done.createdNs());
        if (done.created()) {
            return CompletableFuture.completedFuture(createResponse(empty, true));
        }
        return reads.read(Consistency.LINEARIZABLE, deadline, view -> view.topic(done.topicId()))
                .thenApply(found -> createResponse(found.orElse(empty), false));
    }

    private static CreateTopicResponse createResponse(TopicState topic, boolean created) {
        return CreateTopicResponse.newBuilder()
                .setTopic(message(topic))
                .setCreated(created)
                .build();
    }

    public CompletableFuture<Topic> get(GetTopicRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.anyTopic(request.getName());
            return reads.read(
                    request.getConsistency(), Deadline.after(timeout), view -> message(ShardReads.topic(view, name)));
        });
    }

    public CompletableFuture<ListTopicsResponse> list(ListTopicsRequest request, Duration timeout) {
        return Failures.guarded(() -> reads.read(request.getConsistency(), Deadline.after(timeout), view -> {
            ListTopicsResponse.Builder response = ListTopicsResponse.newBuilder();
            view.topics(request.getPrefix()).forEach(topic -> response.addTopics(message(topic)));
            return response.build();
        }));
    }

    public CompletableFuture<DeleteTopicResponse> delete(DeleteTopicRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.topic(request.getName());
            return writes.submit(
                            name,
                            Deadline.after(timeout),
                            Result.Done.class,
                            topic -> new Operation.DeleteTopic(topic.id()))
                    .thenApply(done -> DeleteTopicResponse.getDefaultInstance());
        });
    }

    public CompletableFuture<UpdateTopicResponse> update(UpdateTopicRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Deadline deadline = Deadline.after(timeout);
            String name = Names.topic(request.getName());
            TopicRules.check(request);
            return writes.submit(name, deadline, Result.Done.class, topic -> TopicRules.operation(request, topic.id()))
                    .thenCompose(done -> reads.read(
                            Consistency.LINEARIZABLE, deadline, view -> message(ShardReads.topic(view, name))))
                    .thenApply(topic ->
                            UpdateTopicResponse.newBuilder().setTopic(topic).build());
        });
    }

    public CompletableFuture<TruncateTopicResponse> truncate(TruncateTopicRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String name = Names.topic(request.getName());
            TopicRules.check(request);
            return writes.submit(
                            name,
                            Deadline.after(timeout),
                            Result.Truncated.class,
                            topic -> TopicRules.operation(request, topic.id()))
                    .thenApply(truncated -> TruncateTopicResponse.newBuilder()
                            .setFirst(truncated.first())
                            .setHead(truncated.head())
                            .build());
        });
    }

    private static Topic message(TopicState topic) {
        return Topic.newBuilder()
                .setName(topic.name())
                .setId(topic.id())
                .setHead(topic.head())
                .setFirst(topic.first())
                .setSettings(topic.settings())
                .setCreatedNs(topic.createdNs())
                .setLastRecordedNs(topic.lastRecordedNs())
                .setSizeBytes(topic.sizeBytes())
                .build();
    }
}
