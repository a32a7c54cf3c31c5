package io.eckermann.client;

import io.eckermann.protocol.ChunkReader;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An {@link EventStream} that decodes chunk after chunk on the caller's thread. */
final class PulledEvents implements EventStream {
    private final PulledChunks chunks;
    private final boolean backward;
    private final ChunkReader reader = new ChunkReader();
    private Iterator<RecordedEvent> events = Collections.emptyIterator();
    private volatile boolean closed;

    PulledEvents(ReadSession session) {
        this.backward = session.backward();
        this.chunks = new PulledChunks(session);
    }

    @Override
    public boolean hasNext() {
        while (!closed && !events.hasNext() && chunks.hasNext()) {
            decode(chunks.next());
        }
        return !closed && events.hasNext();
    }

    @Override
    public RecordedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("The read is over.");
        }
        return events.next();
    }

    @Override
    public Optional<RecordedEvent> poll(Duration wait) {
        if (!closed && !events.hasNext()) {
            chunks.poll(wait).ifPresent(this::decode);
        }
        return !closed && events.hasNext() ? Optional.of(events.next()) : Optional.empty();
    }

    @Override
    public boolean ended() {
        return closed || (!events.hasNext() && chunks.ended());
    }

    @Override
    public Stream<RecordedEvent> stream() {
        int order = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, order), false)
                .onClose(this::close);
    }

    @Override
    public void close() {
        closed = true;
        chunks.close();
    }

    private void decode(RecordedChunk chunk) {
        try {
            events = chunk.events(backward, reader).iterator();
        } catch (EckermannException e) {
            chunks.fail(e);
            throw e;
        }
    }
}
