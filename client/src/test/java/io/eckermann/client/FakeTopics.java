package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.CreateTopicResponse;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.protocol.v1.DeleteTopicRequest;
import io.eckermann.protocol.v1.DeleteTopicResponse;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.GetTopicRequest;
import io.eckermann.protocol.v1.ListTopicsRequest;
import io.eckermann.protocol.v1.ListTopicsResponse;
import io.eckermann.protocol.v1.Topic;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.protocol.v1.TopicsGrpc;
import io.eckermann.protocol.v1.TruncateTopicRequest;
import io.eckermann.protocol.v1.TruncateTopicResponse;
import io.eckermann.protocol.v1.UpdateTopicRequest;
import io.eckermann.protocol.v1.UpdateTopicResponse;
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
            cluster.topic(request.getName()).settings = request.getSettings();
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

    @Override
    public void updateTopic(UpdateTopicRequest request, StreamObserver<UpdateTopicResponse> answer) {
        synchronized (cluster) {
            TopicSettings.Builder settings = cluster.topic(request.getName()).settings.toBuilder();
            if (request.hasRetainAgeMs()) {
                settings.setRetainAgeMs(request.getRetainAgeMs());
            }
            if (request.hasRetainBytes()) {
                settings.setRetainBytes(request.getRetainBytes());
            }
            if (request.hasRetainEvents()) {
                settings.setRetainEvents(request.getRetainEvents());
            }
            if (request.hasCompactKeys()) {
                settings.setCompactKeys(request.getCompactKeys());
            }
            if (request.hasAnonymousRead()) {
                settings.setAnonymousRead(request.getAnonymousRead());
            }
            if (request.hasTimeline()) {
                settings.clearTimelineSlotMs()
                        .addAllTimelineSlotMs(request.getTimeline().getSlotMsList());
            }
            cluster.topic(request.getName()).settings = settings.build();
            answer.onNext(UpdateTopicResponse.newBuilder()
                    .setTopic(view(request.getName()))
                    .build());
        }
        answer.onCompleted();
    }

    /** All events were recorded in the year 2000. */
    @Override
    public void truncateTopic(TruncateTopicRequest request, StreamObserver<TruncateTopicResponse> answer) {
        synchronized (cluster) {
            FakeCluster.Log log = cluster.topic(request.getName());
            long head = log.events.size();
            long position = request.hasPosition() ? request.getPosition() : head + 1;
            if (position > head + 1) {
                answer.onError(FakeErrors.error(
                        ErrorCode.POSITION_OUT_OF_RANGE, Map.of("topic", request.getName(), "head", "" + head)));
                return;
            }
            log.first = Math.max(log.first, position);
            answer.onNext(TruncateTopicResponse.newBuilder()
                    .setFirst(log.first)
                    .setHead(head)
                    .build());
        }
        answer.onCompleted();
    }

    @Override
    public void deleteEvent(DeleteEventRequest request, StreamObserver<DeleteEventResponse> answer) {
        Event deleted = Event.newBuilder().setDeleted(true).build();
        synchronized (cluster) {
            FakeCluster.Log log = cluster.topic(request.getTopic());
            if (request.getPosition() > log.events.size()) {
                answer.onError(FakeErrors.error(ErrorCode.EVENT_NOT_FOUND, Map.of("topic", request.getTopic())));
                return;
            }
            Event before = log.events.set((int) request.getPosition() - 1, deleted);
            answer.onNext(DeleteEventResponse.newBuilder()
                    .setDeleted(!before.equals(deleted))
                    .build());
        }
        answer.onCompleted();
    }

    private Topic view(String name) {
        return Topic.newBuilder()
                .setName(name)
                .setId(1)
                .setFirst(cluster.topic(name).first)
                .setHead(cluster.topic(name).events.size())
                .setSettings(cluster.topic(name).settings)
                .build();
    }
}
