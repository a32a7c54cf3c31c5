package io.eckermann.gateway.grpc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The calls of a service that last until somebody ends them; it does when it is closed. Thread safe. */
final class OpenStreams implements AutoCloseable {
    private final Set<LogService.OpenStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    void opened(LogService.OpenStream stream) {
        streams.add(stream);
        if (closed) {
            stream.stop();
        }
    }

    void over(LogService.OpenStream stream) {
        streams.remove(stream);
    }

    @Override
    public void close() {
        closed = true;
        streams.forEach(LogService.OpenStream::stop);
    }
}
