package io.eckermann.gateway.grpc;

import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.TruncateTopicResponse;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicResponse;
import io.grpc.stub.StreamObserver;

/** {@code eckermann.v1.Topics}. */
public final class TopicsService extends TopicsGrpc.TopicsImplBase {
    private final TopicHandler topics;
    private final EventHandler events;

    public TopicsService(TopicHandler topics, EventHandler events) {
        this.topics = topics;
        this.events = events;
    }

    @Override
    public void createTopic(CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
        Calls.answer(observer, timeout -> topics.create(request, timeout));
    }

    @Override
    public void getTopic(GetTopicRequest request, StreamObserver<Topic> observer) {
        Calls.answer(observer, timeout -> topics.get(request, timeout));
    }

    @Override
    public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> observer) {
        Calls.answer(observer, timeout -> topics.list(request, timeout));
    }

    @Override
    public void deleteTopic(DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
        Calls.answer(observer, timeout -> topics.delete(request, timeout));
    }

    @Override
    public void updateTopic(UpdateTopicRequest request, StreamObserver<UpdateTopicResponse> observer) {
        Calls.answer(observer, timeout -> topics.update(request, timeout));
    }

    @Override
    public void truncateTopic(TruncateTopicRequest request, StreamObserver<TruncateTopicResponse> observer) {
        Calls.answer(observer, timeout -> topics.truncate(request, timeout));
    }

    @Override
    public void deleteEvent(DeleteEventRequest request, StreamObserver<DeleteEventResponse> observer) {
        Calls.answer(observer, timeout -> events.delete(request, timeout));
    }
}
