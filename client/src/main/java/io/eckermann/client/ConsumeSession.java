package io.eckermann.client;

import io.eckermann.client.transport.Backoff;
import io.eckermann.client.transport.ConsumeCall;
import io.eckermann.client.transport.FailedException;
import io.eckermann.client.transport.Failure;
import io.eckermann.client.transport.Network;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.ConsumeFrame;
import io.eckermann.protocol.v1.ConsumeRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a consumer: hands over an event, returns its position, and goes on elsewhere when a node is lost. What
 * it handed over and knows no answer of it does not hand over again: it only returns it again. The listener is called
 * outside the lock, this, on the call's own row of callbacks.
 */
final class ConsumeSession implements Subscription, ConsumeCall.Frames {
    private static final int HEARTBEAT_MS = 5_000;
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long WATCH_MS = 1_000;

    private final String topic;
    private final String consumer;
    private final long from;
    private final Network network;
    private final long patienceNs;
    private final int retriesMax;
    private final ConsumeListener listener;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    // Guarded by this.
    private @Nullable ConsumeCall call;
    /** Whether an event is with the listener: until that returns nothing is expected of the node. */
    private boolean handling;

    private boolean closing;
    private boolean heardOnce;
    private long lastHeardNs = System.nanoTime();
    private int failuresInRow;
    /** The last event handed over, and the last known to be committed, by whoever. */
    private long handed;

    private long committed;
    private boolean committedOnce;

    ConsumeSession(
            String topic, String consumer, long from, Network network, ClientConfig config, ConsumeListener listener) {
        this.topic = topic;
        this.consumer = consumer;
        this.from = from;
        this.network = network;
        this.patienceNs = config.requestTimeout().toNanos();
        this.retriesMax = config.retriesMax();
        this.listener = listener;
    }

    void start() {
        open();
        watch();
    }

    private synchronized void open() {
        if (call != null || done.isDone()) {
            return;
        }
        if (closing) {
            done.complete(null);
            return;
        }
        ConsumeRequest first = ConsumeRequest.newBuilder()
                .setTopic(topic)
                .setConsumer(consumer)
                .setPosition(committedOnce ? 0 : from)
                .setHeartbeatMillis(HEARTBEAT_MS)
                .build();
        try {
            call = network.openConsume(network.candidates().get(0), first, this);
        } catch (FailedException e) {
            done.completeExceptionally(Failures.exception(e.failure()));
        }
    }

    @Override
    public void frame(ConsumeCall by, ConsumeFrame frame) {
        synchronized (this) {
            if (by != call) {
                return;
            }
            lastHeardNs = System.nanoTime();
            heardOnce = true;
            failuresInRow = 0;
        }
        network.worked(by.address());
        try {
            take(by, frame);
        } catch (Throwable thrown) {
            // Also an error of the listener's: nobody would hear of it otherwise.
            end(thrown);
        }
    }

    private void take(ConsumeCall by, ConsumeFrame frame) {
        switch (frame.getFrameCase()) {
            case EVENT -> event(by, frame.getEvent());
            case COMMITTED -> {
                at(frame.getCommitted().getPosition());
                listener.committed(frame.getCommitted().getPosition());
            }
            case TAKEN -> {
                at(frame.getTaken().getPosition());
                passed(frame.getTaken().getPosition());
                listener.taken(frame.getTaken().getPosition());
            }
            case NOT_COMMITTED ->
                listener.notCommitted(handed(), Failures.exception(Failure.of(frame.getNotCommitted())));
            case CAUGHT_UP -> listener.caughtUp(frame.getCaughtUp().getHead());
            case HEARTBEAT, FRAME_NOT_SET -> {}
        }
    }

    private synchronized void at(long position) {
        committed = position;
        committedOnce = true;
    }

    /** What lies behind is to be handed over, also again when the cursor was put back. */
    private synchronized void passed(long position) {
        handed = position;
    }

    private synchronized long handed() {
        return handed;
    }

    private void event(ConsumeCall by, io.eckermann.protocol.v1.RecordedEvent event) {
        long position = event.getPosition();
        boolean again;
        synchronized (this) {
            if (closing) {
                return;
            }
            again = position > committed && position <= handed;
            handling = true;
        }
        if (!again) {
            listener.event(new RecordedEvent(topic, position, event.getRecordedNs(), new Event(event.getEvent())));
        }
        synchronized (this) {
            handed = position;
            handling = false;
            lastHeardNs = System.nanoTime();
            if (by != call) {
                return;
            }
            by.send(ConsumeRequest.newBuilder().setPosition(position).build());
            if (closing) {
                by.halfClose();
            }
        }
    }

    @Override
    public void ended(ConsumeCall by) {
        lost(by, Failure.of(ErrorCode.NOT_READY, "The node ended the call early."));
    }

    @Override
    public void failed(ConsumeCall by, Failure failure) {
        lost(by, failure);
    }

    private void lost(ConsumeCall by, Failure met) {
        long pauseMs;
        synchronized (this) {
            if (by != call) {
                return;
            }
            call = null;
            if (closing) {
                done.complete(null);
                return;
            }
            failuresInRow++;
            pauseMs = Backoff.delayMs(failuresInRow);
            if (!met.retryable() || isLate()) {
                done.completeExceptionally(Failures.exception(met));
                return;
            }
        }
        network.failed(by.address());
        try {
            listener.reconnecting(Failures.exception(met));
        } catch (Throwable thrown) {
            end(thrown);
            return;
        }
        if (!network.after(pauseMs, this::open)) {
            end(Failures.exception(met));
        }
    }

    /** Whether it has tried for too long, or too often. Whoever has begun to consume waits for nodes to come back. */
    private boolean isLate() {
        return failuresInRow > retriesMax || (!heardOnce && System.nanoTime() - lastHeardNs > patienceNs);
    }

    /** A node that stays silent, not even a heartbeat, is lost. */
    private void watch() {
        ConsumeCall silent = null;
        synchronized (this) {
            if (done.isDone()) {
                return;
            }
            if (!handling && System.nanoTime() - lastHeardNs > SILENCE_NS) {
                silent = call;
                lastHeardNs = System.nanoTime();
            }
        }
        if (silent != null) {
            silent.cancel();
            lost(silent, Failure.of(ErrorCode.READ_TIMED_OUT, "The node sent nothing for too long."));
        }
        if (!network.after(WATCH_MS, this::watch)) {
            closed();
        }
    }

    /** The client is closed. */
    void closed() {
        end(Failures.exception(Failure.of(ErrorCode.NOT_READY, "This client was closed.")));
    }

    private void end(Throwable why) {
        ConsumeCall open;
        synchronized (this) {
            open = call;
            call = null;
        }
        if (open != null) {
            open.cancel();
        }
        done.completeExceptionally(why);
    }

    @Override
    public CompletableFuture<Void> done() {
        return done;
    }

    /** What the listener has at this time is still committed: {@link #done} completes behind that. */
    @Override
    public synchronized void close() {
        if (closing) {
            return;
        }
        closing = true;
        if (call == null) {
            done.complete(null);
        } else if (!handling) {
            call.halfClose();
        }
    }
}
