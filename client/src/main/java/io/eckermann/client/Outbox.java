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
        Departure next = begin();
        while (next != null) {
            try {
                next.pipe().send(next.batch().request(topic, next.producer(), next.number()));
            } catch (RuntimeException e) {
                broken.accept(next.pipe(), Failure.of(e));
            }
            next = goOn();
        }
    }

    /** The same on a thread of the transport: hands on what would take long. */
    void sendFromTransport() {
        boolean quick;
        synchronized (due) {
            Departure next = due.peek();
            if (next == null || sending) {
                return;
            }
            quick = next.isQuick();
        }
        if (quick) {
            send();
        } else {
            workers.execute(this::send);
        }
    }

    private @Nullable Departure begin() {
        synchronized (due) {
            return sending ? null : next();
        }
    }

    private @Nullable Departure goOn() {
        synchronized (due) {
            return next();
        }
    }

    private @Nullable Departure next() {
        Departure next = due.poll();
        sending = next != null;
        return next;
    }
}
