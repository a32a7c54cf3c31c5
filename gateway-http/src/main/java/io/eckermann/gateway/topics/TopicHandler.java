package io.eckermann.gateway.topics;

import io.eckermann.gateway.Shard;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.Topic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Creates, shows and deletes topics. Safe from any thread; never blocks the caller. */
public final class TopicHandler {
    public TopicHandler(Shard shard, Executor reads) {
        throw new AssertionError(shard + " " + reads);
    }

    public CompletableFuture<CreateTopicResponse> create(CreateTopicRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }

    public CompletableFuture<Topic> get(GetTopicRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }

    public CompletableFuture<ListTopicsResponse> list(ListTopicsRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }

    public CompletableFuture<DeleteTopicResponse> delete(DeleteTopicRequest request, Duration timeout) {
        throw new AssertionError(request + " " + timeout);
    }
}
