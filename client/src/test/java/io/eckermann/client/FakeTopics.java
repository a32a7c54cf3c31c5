package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** Topics of the fake. */
final class FakeTopics extends TopicsGrpc.TopicsImplBase {
    private final FakeCluster cluster;

    FakeTopics(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void createTopic(CreateTopicRequest request, StreamObserver<CreateTopicResponse> answer) {
        synchronized (cluster) {
            boolean created = !cluster.logs.containsKey(request.getName());
            cluster.topic(request.getName());
            answer.onNext(CreateTopicResponse.newBuilder()
                    .setTopic(view(request.getName()))
                    .setCreated(created)
                    .build());
        }
        answer.onCompleted();
    }

    @Override
    public void getTopic(GetTopicRequest request, StreamObserver<Topic> answer) {
        synchronized (cluster) {
            if (!cluster.logs.containsKey(request.getName())) {
                answer.onError(FakeErrors.error(ErrorCode.TOPIC_NOT_FOUND, Map.of("topic", request.getName())));
                return;
            }
            answer.onNext(view(request.getName()));
        }
        answer.onCompleted();
    }

    @Override
    public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> answer) {
        ListTopicsResponse.Builder list = ListTopicsResponse.newBuilder();
        synchronized (cluster) {
            cluster.logs.keySet().stream()
                    .filter(name -> name.startsWith(request.getPrefix()))
                    .forEach(name -> list.addTopics(view(name)));
        }
        answer.onNext(list.build());
        answer.onCompleted();
    }

    @Override
    public void deleteTopic(DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> answer) {
        synchronized (cluster) {
            if (cluster.logs.remove(request.getName()) == null) {
                answer.onError(FakeErrors.error(ErrorCode.TOPIC_NOT_FOUND, Map.of("topic", request.getName())));
                return;
            }
        }
        answer.onNext(DeleteTopicResponse.getDefaultInstance());
        answer.onCompleted();
    }

    private Topic view(String name) {
        return Topic.newBuilder()
                .setName(name)
                .setId(1)
                .setFirst(1)
                .setHead(cluster.topic(name).events.size())
                .build();
    }
}
