package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.consume.ConsumeHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.goethe.Cursor;
import io.eckermann.protocol.goethe.Event;
import io.eckermann.protocol.goethe.GoetheGrpc;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Events;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * {@code io.typusomega.goethe.Goethe}: what clients of Goethe know, on the topics and cursors that all others use. Closing
 * it ends its open streams.
 */
public final class GoetheService extends GoetheGrpc.GoetheImplBase implements AutoCloseable {
    private final AppendHandler appends;
    private final TopicHandler topics;
    private final ConsumeHandler consumers;
    private final ReadHandler reads;
    private final boolean createsTopics;
    private final OpenStreams streams = new OpenStreams();

    /** @param createsTopics whether producing to a topic that does not exist makes it, as in Goethe */
    public GoetheService(
            AppendHandler appends,
            TopicHandler topics,
            ConsumeHandler consumers,
            ReadHandler reads,
            boolean createsTopics) {
        this.appends = appends;
        this.topics = topics;
        this.consumers = consumers;
        this.reads = reads;
        this.createsTopics = createsTopics;
    }

    @Override
    public void produce(Event event, StreamObserver<Event> observer) {
        Calls.answer(
                observer,
                timeout -> Failures.guarded(() -> append(event, timeout))
                        .thenApply(appended -> event.toBuilder()
                                .setId(Long.toString(appended.getRecordedNs()))
                                .build()));
    }

    private CompletableFuture<AppendResponse> append(Event event, Duration timeout) {
        String topic = Names.topic(event.getTopic().getId());
        if (event.getPayload().isEmpty()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "An event of Goethe's has a payload.")
                    .with("field", "payload");
        }
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic(topic)
                .setEvents(Events.newBuilder()
                        .addEvents(io.eckermann.protocol.v1.Event.newBuilder().setPayload(event.getPayload())))
                .build();
        return appends.append(request, timeout).exceptionallyCompose(failure -> {
            StoreException why = Failures.storeException(failure);
            return createsTopics && why.code() == ErrorCode.TOPIC_NOT_FOUND
                    ? created(topic, timeout).thenCompose(there -> appends.append(request, timeout))
                    : CompletableFuture.failedFuture(why);
        });
    }

    /** Makes the topic; that somebody else did, with other settings perhaps, is as good. */
    private CompletableFuture<Boolean> created(String topic, Duration timeout) {
        return topics.create(CreateTopicRequest.newBuilder().setName(topic).build(), timeout)
                .handle((made, failure) -> {
                    if (failure != null && Failures.storeException(failure).code() != ErrorCode.TOPIC_EXISTS) {
                        throw Failures.storeException(failure);
                    }
                    return failure == null;
                });
    }

    @Override
    public StreamObserver<Cursor> consume(StreamObserver<Cursor> observer) {
        ConsumeCall<Cursor, Cursor> call = new ConsumeCall<>(
                consumers, new GoetheDialect(reads), (ServerCallStreamObserver<Cursor>) observer, streams::over);
        streams.opened(call);
        call.start();
        return call;
    }

    @Override
    public void close() {
        streams.close();
    }
}
