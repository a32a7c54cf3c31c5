package io.eckermann.gateway.read;

import io.eckermann.protocol.v1.ReadFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A read of which whoever sends it to a reader says what that one does not take. */
record HeldRead(ReadStream stream, ReadMemory memory) implements ReadStream {
    @Override
    public CompletableFuture<Optional<ReadFrame>> next() {
        return stream.next();
    }

    @Override
    public Untaken untaken() {
        return memory.reader();
    }

    @Override
    public void close() {
        stream.close();
    }
}
