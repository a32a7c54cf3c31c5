package io.eckermann.gateway.grpc;

import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendManyResponse;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.EventTimePage;
import io.eckermann.protocol.v1.ExplainRequest;
import io.eckermann.protocol.v1.ExplainResponse;
import io.eckermann.protocol.v1.GetHeadRequest;
import io.eckermann.protocol.v1.GetHeadResponse;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.GetKeyResponse;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimelineRequest;
import io.eckermann.protocol.v1.TimelineResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** {@code eckermann.v1.Log}. Closing it ends its open streams, which would otherwise keep a server from stopping. */
public final class LogService extends LogGrpc.LogImplBase implements AutoCloseable {
    private final AppendHandler appends;
    private final ReadHandler reads;
    private final OpenStreams streams = new OpenStreams();

    /** A call that lasts until somebody ends it. */
    interface OpenStream {
        /** Ends it with NOT_READY, after what was promised has been answered. From any thread. */
        void stop();
    }

    public LogService(AppendHandler appends, ReadHandler reads) {
        this.appends = appends;
        this.reads = reads;
    }

    @Override
    public void append(AppendRequest request, StreamObserver<AppendResponse> observer) {
        Calls.answer(observer, timeout -> appends.append(request, timeout));
    }

    @Override
    public void appendMany(AppendManyRequest request, StreamObserver<AppendManyResponse> observer) {
        Calls.answer(observer, timeout -> appends.appendMany(request, timeout));
    }

    @Override
    public StreamObserver<AppendRequest> appendStream(StreamObserver<AppendResult> observer) {
        AppendCall call = new AppendCall(appends, (ServerCallStreamObserver<AppendResult>) observer, streams::over);
        streams.opened(call);
        call.start();
        return call;
    }

    @Override
    public void read(ReadRequest request, StreamObserver<ReadFrame> observer) {
        int unsentBytes = reads.memory().pageBytes();
        ReadCall call = new ReadCall((ServerCallStreamObserver<ReadFrame>) observer, streams::over, unsentBytes);
        streams.opened(call);
        call.start(reads.open(request, Calls.timeout()));
    }

    @Override
    public void getHead(GetHeadRequest request, StreamObserver<GetHeadResponse> observer) {
        Calls.answer(observer, timeout -> reads.head(request, timeout));
    }

    @Override
    public void explain(ExplainRequest request, StreamObserver<ExplainResponse> observer) {
        Calls.answer(observer, timeout -> reads.explain(request, timeout));
    }

    @Override
    public void getKey(GetKeyRequest request, StreamObserver<GetKeyResponse> observer) {
        Calls.answer(observer, timeout -> reads.key(request, timeout));
    }

    @Override
    public void readByEventTime(ReadByEventTimeRequest request, StreamObserver<EventTimePage> observer) {
        Calls.answer(observer, timeout -> reads.byEventTime(request, timeout));
    }

    @Override
    public void getTimeline(TimelineRequest request, StreamObserver<TimelineResponse> observer) {
        Calls.answer(observer, timeout -> reads.timeline(request, timeout));
    }

    @Override
    public void close() {
        streams.close();
    }
}
