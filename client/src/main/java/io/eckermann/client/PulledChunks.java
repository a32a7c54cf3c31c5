package io.eckermann.client;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link ChunkStream} that takes from its session on the caller's thread; the listener is told there too. */
final class PulledChunks implements ChunkStream {
    private final ReadSession session;
    private @Nullable RecordedChunk next;
    private boolean ended;
    private @Nullable RuntimeException failure;
    /** Whether the caller knows of the failure. */
    private boolean thrown;

    PulledChunks(ReadSession session) {
        this.session = session;
        session.start();
    }

    @Override
    public boolean hasNext() {
        return ready(Long.MAX_VALUE);
    }

    @Override
    public RecordedChunk next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The read is over.");
        }
        return take();
    }

    @Override
    public Optional<RecordedChunk> poll(Duration wait) {
        return ready(wait.toNanos()) ? Optional.of(take()) : Optional.empty();
    }

    @Override
    public boolean ended() {
        if (next == null) {
            advance(0);
        }
        return next == null && ended && (failure == null || thrown);
    }

    @Override
    public void close() {
        session.finish();
    }

    /** Ends the read by a failure that the caller throws; from now on every call that waits for a chunk throws it too. */
    void fail(RuntimeException why) {
        thrown = true;
        failed(why);
    }

    private void failed(RuntimeException why) {
        failure = why;
        ended = true;
        next = null;
        session.finish();
    }

    private RecordedChunk take() {
        RecordedChunk chunk = Objects.requireNonNull(next);
        next = null;
        return chunk;
    }

    /** Whether there is a chunk within the time; throws when the read has failed. */
    private boolean ready(long waitNs) {
        if (next == null) {
            advance(waitNs);
        }
        if (next == null && failure != null) {
            thrown = true;
            throw failure;
        }
        return next != null;
    }

    private void advance(long waitNs) {
        long startNs = System.nanoTime();
        try {
            while (next == null && !ended) {
                long leftNs = waitNs == Long.MAX_VALUE ? waitNs : waitNs - (System.nanoTime() - startNs);
                ReadSession.Item item = session.poll(Math.max(0, leftNs));
                if (item == null) {
                    return;
                }
                take(item);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IllegalStateException("Interrupted while waiting for an event; the read was closed.", e);
        }
    }

    private void take(ReadSession.Item item) {
        try {
            if (item.chunk() != null) {
                next = item.chunk().verified();
            } else if (item.mark() != null) {
                item.mark().run();
            } else if (item.failure() != null) {
                failed(item.failure() instanceof RuntimeException met ? met : Failures.exception(item.failure()));
            } else {
                ended = true;
            }
        } catch (RuntimeException e) {
            failed(e);
        }
    }
}
