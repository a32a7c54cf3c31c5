package io.eckermann.client;

import io.eckermann.client.transport.AppendPipe;
import io.eckermann.client.transport.Failure;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a lane has decided to send. Encoding and writing happen here, outside of the lane's lock and by one thread at a
 * time, so that producers never wait for either and the order stays. Thread safe.
 */
final class Outbox {
    /** More than this is not encoded on a thread of the transport, which serves other topics and clients too. */
    private static final int ENCODED_BY_TRANSPORT_MAX = 32 << 10;

    private final String topic;
    private final Executor workers;
    private final BiConsumer<AppendPipe, Failure> broken;
    /** Guarded by itself, as is sending. */
    private final ArrayDeque<Departure> due = new ArrayDeque<>();

    private boolean sending;

    /** Whose appends these are. */
    String topic() {
        return topic;
    }

    /** A batch under the number it has for this attempt. */
    private record Departure(AppendPipe pipe, Batch batch, String producer, long number) {
        boolean isQuick() {
            return batch.isEncoded() || batch.bytes() <= ENCODED_BY_TRANSPORT_MAX;
        }
    }

    /**
     * @param workers for encoding that would hold up the transport
     * @param broken told when a pipe can't be written to; called without any lock
     */
    Outbox(String topic, Executor workers, BiConsumer<AppendPipe, Failure> broken) {
        this.topic = topic;
        this.workers = workers;
        this.broken = broken;
    }

    /** Takes a sealed batch; it leaves with the next {@link #send}. */
    void put(AppendPipe pipe, Batch batch, String producer) {
        synchronized (due) {
            due.add(new Departure(pipe, batch, producer, batch.sequence));
        }
    }

    /** Forgets what has not left: its pipe is given up. */
    void clear() {
        synchronized (due) {
            due.clear();
        }
    }

    /** Sends all that is due, unless somebody is doing so, who will. Not under the lane's lock. */
    void send() {
        send(false);
    }

    /** The same on a thread of the transport: hands on what would take long. */
    void sendFromTransport() {
        send(true);
    }

    private void send(boolean quickOnly) {
        for (Departure next = next(false, quickOnly); next != null; next = next(true, quickOnly)) {
            try {
                next.pipe().send(next.batch().request(topic, next.producer(), next.number()));
            } catch (Throwable e) {
                // Also an error, such as no memory to encode in: what is due behind it must still leave.
                broken.accept(next.pipe(), Failure.of(e));
            }
        }
    }

    /** @param mine whether it is the caller who sends */
    private @Nullable Departure next(boolean mine, boolean quickOnly) {
        synchronized (due) {
            if (sending && !mine) {
                return null;
            }
            Departure next = due.peek();
            sending = next != null && (!quickOnly || next.isQuick());
            if (sending || next == null) {
                return due.poll();
            }
        }
        workers.execute(this::send);
        return null;
    }
}
