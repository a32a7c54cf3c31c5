package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.access.Principal;
import io.eckermann.gateway.access.QuotaOf;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.EventBatch;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PacedReadTest {
    private static final Principal READER = new Principal("reader", List.of(), "", 0);

    private final AtomicLong nanoTime = new AtomicLong(1);
    private final Endless endless = new Endless();
    private final PacedRead read = new PacedRead(
            endless,
            READER,
            QuotaOf.the("reader", Quota.newBuilder().setReadBytesPerSecond(100_000), nanoTime::get),
            Runnable::run);

    @Test
    void whatComesNextWaitsUntilItMayBeGiven() throws Exception {
        assertThat(read.next()).isCompleted();
        assertThat(read.next()).isCompleted();
        CompletableFuture<Optional<ReadFrame>> third = read.next();
        assertThat(third).isNotDone();
        assertThat(endless.asked).hasValue(3);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(third.get(30, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void whatIsNoEventDoesNotWait() {
        assertThat(read.next()).isCompleted();
        assertThat(read.next()).isCompleted();
        endless.frame = ReadFrame.newBuilder()
                .setCaughtUp(CaughtUp.getDefaultInstance())
                .build();
        assertThat(read.next()).isCompleted();
    }

    @Test
    void readThatWaitsEndsAtOnceWhenItIsClosed() throws Exception {
        assertThat(read.next()).isCompleted();
        assertThat(read.next()).isCompleted();
        CompletableFuture<Optional<ReadFrame>> waiting = read.next();
        read.close();
        assertThat(waiting).isCompletedWithValue(Optional.empty());
        assertThat(read.next()).isCompletedWithValue(Optional.empty());
    }

    private static final class Endless implements ReadStream {
        private ReadFrame frame = ReadFrame.newBuilder()
                .setEvents(EventBatch.newBuilder()
                        .addEvents(RecordedEvent.newBuilder()
                                .setEvent(Event.newBuilder().setPayload(ByteString.copyFrom(new byte[60_000])))))
                .build();
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean closed;

        @Override
        public CompletableFuture<Optional<ReadFrame>> next() {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture(closed ? Optional.empty() : Optional.of(frame));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
