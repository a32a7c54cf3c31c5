package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.TopicJson;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /v1/topics}, {@code /v1/topics/{topic}}, its head, and what takes events away. */
final class TopicRoute {
    private static final String SHARD = "shard";
    private static final int SHARD_MAX = 15;

    private final UseCases useCases;
    private final Duration timeout;

    TopicRoute(UseCases useCases, Duration timeout) {
        this.useCases = useCases;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/v1/topics", this::list);
        router.on("PUT", "/v1/topics/{topic}", this::create);
        router.on("GET", "/v1/topics/{topic}", this::show);
        router.on("DELETE", "/v1/topics/{topic}", this::delete);
        router.on("GET", "/v1/topics/{topic}/head", this::head);
        router.on("PATCH", "/v1/topics/{topic}", this::update);
        router.on("POST", "/v1/topics/{topic}/truncate", this::truncate);
        router.on("DELETE", "/v1/topics/{topic}/events/{position}", this::deleteEvent);
    }

    private CompletableFuture<Answer> list(Request http) {
        Query query = http.query().only(List.of("prefix", "consistency"));
        ListTopicsRequest request = ListTopicsRequest.newBuilder()
                .setPrefix(query.text("prefix").orElse(""))
                .setConsistency(query.consistency())
                .build();
        return useCases.topics(request, timeout)
                .thenApply(answer -> Answer.json(200, TopicJson.topics(answer.getTopicsList())));
    }

    private CompletableFuture<Answer> create(Request http) {
        Query query = http.query().only(List.of(SHARD));
        String name = http.variables().get(0);
        CreateTopicRequest.Builder request =
                CreateTopicRequest.newBuilder().setName(name).setSettings(TopicJson.settings(Bodies.json(http)));
        query.text(SHARD).ifPresent(shard -> request.setShard((int) Query.number(SHARD, shard, 0, SHARD_MAX)));
        return useCases.createTopic(request.build(), timeout).thenApply(answer -> {
            byte[] topic = TopicJson.topic(answer.getTopic());
            return answer.getCreated()
                    ? Answer.json(201, topic).with("Location", "/v1/topics/" + name)
                    : Answer.json(200, topic);
        });
    }

    private CompletableFuture<Answer> show(Request http) {
        GetTopicRequest request = GetTopicRequest.newBuilder()
                .setName(http.variables().get(0))
                .setConsistency(http.query().only(List.of("consistency")).consistency())
                .build();
        return useCases.topic(request, timeout)
                .thenApply(
                        topic -> Answer.json(200, TopicJson.topic(topic)).with("ETag", "\"" + topic.getHead() + "\""));
    }

    private CompletableFuture<Answer> delete(Request http) {
        http.query().only(List.of());
        DeleteTopicRequest request =
                DeleteTopicRequest.newBuilder().setName(http.variables().get(0)).build();
        return useCases.deleteTopic(request, timeout).thenApply(answer -> Answer.empty(204));
    }

    private CompletableFuture<Answer> update(Request http) {
        http.query().only(List.of());
        UpdateTopicRequest request = TopicJson.changes(Bodies.json(http)).toBuilder()
                .setName(http.variables().get(0))
                .build();
        return useCases.updateTopic(request, timeout)
                .thenApply(answer -> Answer.json(200, TopicJson.topic(answer.getTopic())));
    }

    private CompletableFuture<Answer> truncate(Request http) {
        http.query().only(List.of());
        String topic = http.variables().get(0);
        TruncateTopicRequest request = TopicJson.truncation(Bodies.json(http)).toBuilder()
                .setName(topic)
                .build();
        return useCases.truncateTopic(request, timeout)
                .thenApply(answer -> Answer.json(200, TopicJson.truncated(topic, answer)));
    }

    private CompletableFuture<Answer> deleteEvent(Request http) {
        http.query().only(List.of());
        DeleteEventRequest request = DeleteEventRequest.newBuilder()
                .setTopic(http.variables().get(0))
                .setPosition(Query.number("position", http.variables().get(1), 1, Long.MAX_VALUE))
                .build();
        return useCases.deleteEvent(request, timeout).thenApply(answer -> Answer.empty(204));
    }

    private CompletableFuture<Answer> head(Request http) {
        String topic = http.variables().get(0);
        GetHeadRequest request = GetHeadRequest.newBuilder()
                .setTopic(topic)
                .setConsistency(http.query().only(List.of("consistency")).consistency())
                .build();
        return useCases.head(request, timeout)
                .thenApply(head ->
                        Answer.json(200, TopicJson.head(topic, head)).with("ETag", "\"" + head.getHead() + "\""));
    }
}
