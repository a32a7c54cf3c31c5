package io.eckermann.gateway.topics;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Joined;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
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
import io.eckermann.statemachine.TopicIds;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Creates, shows, changes, truncates and deletes topics. Safe from any thread; never blocks the caller. */
public final class TopicHandler {
    private final Shards shards;
    private final ShardReads reads;
    private final TopicWrites writes;

    public TopicHandler(Shards shards, Executor reads) {
        this.shards = shards;
        this.reads = new ShardReads(shards, reads);
        this.writes = new TopicWrites(shards, reads);
    }

    public CompletableFuture<CreateTopicResponse> create(CreateTopicRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Deadline deadline = Deadline.after(timeout);
            String name = Names.topic(request.getName());
            TopicSettings settings = TopicRules.completed(request.getSettings());
            return shards.place(name, wanted(request), deadline)
                    .thenCompose(shard -> create(name, settings, here(request, shard), deadline))
                    .thenCompose(result -> createResponse(name, settings, result, deadline));
        });
    }

    private CompletableFuture<Result> create(String name, TopicSettings settings, int shard, Deadline deadline) {
        return shards.all()
                .get(shard)
                .writes()
                .submit(new Operation.CreateTopic(name, settings, shard), deadline.remaining());
    }

    private OptionalInt wanted(CreateTopicRequest request) {
        if (!request.hasShard()) {
            return OptionalInt.empty();
        }
        if (request.getShard() < 0 || request.getShard() >= shards.all().size()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "The cluster has no such shard: they are counted from 0.")
                    .with("field", "shard")
                    .with("shard", request.getShard())
                    .with("shards", shards.all().size());
        }
        return OptionalInt.of(request.getShard());
    }

    private static int here(CreateTopicRequest request, int shard) {
        if (request.hasShard() && request.getShard() != shard) {
            throw new StoreException(
                            ErrorCode.TOPIC_EXISTS,
                            "A topic of this name is, or was, in another shard, where the name stays for ever.")
                    .with("topic", request.getName())
                    .with("shard", shard);
        }
        return shard;
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
        return reads.read(name, Consistency.LINEARIZABLE, deadline, view -> view.topic(done.topicId()))
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
                    name,
                    request.getConsistency(),
                    Deadline.after(timeout),
                    view -> message(ShardReads.topic(view, name)));
        });
    }

    public CompletableFuture<ListTopicsResponse> list(ListTopicsRequest request, Duration timeout) {
        return Failures.guarded(() -> reads.readAll(
                        request.getConsistency(),
                        Deadline.after(timeout),
                        view -> view.topics(request.getPrefix()).stream()
                                .map(TopicHandler::message)
                                .toList())
                .thenApply(found -> ListTopicsResponse.newBuilder()
                        .addAllTopics(Joined.byTopic(found, Topic::getName))
                        .build()));
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
                            name, Consistency.LINEARIZABLE, deadline, view -> message(ShardReads.topic(view, name))))
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
                .setShard(TopicIds.shard(topic.id()))
                .setSettings(topic.settings())
                .setCreatedNs(topic.createdNs())
                .setLastRecordedNs(topic.lastRecordedNs())
                .setSizeBytes(topic.sizeBytes())
                .build();
    }
}
