package io.eckermann.gateway.grpc;

import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a read be ended at once. A status would wait behind all that the caller does not take; a call whose time is up is
 * reset by gRPC, and the transport lets go of what it holds of it. The call's own context can't be got at; this one is the
 * parent of it, and ends with it.
 */
final class CutOff extends ServerStreamTracer.Factory {
    private static final Context.Key<CancellableContext> CALL = Context.key("io.eckermann.call");
    private static final ServerStreamTracer OTHERS = new ServerStreamTracer() {};

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return fullMethodName.equals(LogGrpc.getReadMethod().getFullMethodName()) ? new OfOne() : OTHERS;
    }

    /** What ends the read that the calling thread is about. */
    static Runnable ofCurrentCall() {
        CancellableContext call = CALL.get();
        if (call == null) {
            throw new IllegalStateException("a read is served by a door that can't cut it off");
        }
        return () -> call.cancel(new TimeoutException("it took nothing of what it was sent, and memory is short"));
    }

    private static final class OfOne extends ServerStreamTracer {
        private volatile @Nullable CancellableContext call;

        @Override
        public Context filterContext(Context context) {
            CancellableContext own = context.withCancellation();
            call = own;
            return own.withValue(CALL, own);
        }

        @Override
        public void streamClosed(Status status) {
            CancellableContext own = call;
            if (own != null) {
                own.cancel(null);
            }
        }
    }
}
