package io.eckermann.client;

import io.eckermann.client.transport.Backoff;
import io.eckermann.client.transport.FailedException;
import io.eckermann.client.transport.Failure;
import io.eckermann.client.transport.Network;
import io.eckermann.client.transport.ReadCall;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber's read: asks for frames as long as fewer than two wait, hands their events over as demanded, and goes on
 * elsewhere when a node is lost. One lock, this; signals are given in order on a worker, outside of it.
 */
final class ReadSession implements Flow.Subscription, ReadCall.Frames {
    private static final int FRAMES_MAX = 2;
    private static final long FOLLOW_SILENCE_NS = TimeUnit.SECONDS.toNanos(20);

    private final String topic;
    private final Network network;
    private final Flow.Subscriber<? super RecordedEvent> subscriber;
    private final ReadListener listener;
    private final InOrder signals;
    private final ReadPlan plan;
    private final long patienceNs;
    private final int retriesMax;
    private final Runnable atEnd;

    /** Frames decoded and not handed over: Block, ReadStarted, CaughtUp. */
    private final ArrayDeque<Object> frames = new ArrayDeque<>();

    private @Nullable Iterator<RecordedEvent> current;
    private long demand;
    private boolean opened;
    private @Nullable ReadCall call;
    /** Frames asked of the call that have not come. */
    private int requested;

    private boolean sawCaughtUp;
    private long lastHeardNs = System.nanoTime();
    private long lastProgressNs = lastHeardNs;
    private int failuresInRow;
    /** No more frames will come; after them the failure, if any. */
    private boolean complete;

    private @Nullable Throwable failure;
    private boolean over;
    private boolean delivering;

    ReadSession(
            String topic,
            ReadOptions options,
            Network network,
            ClientConfig config,
            Flow.Subscriber<? super RecordedEvent> subscriber,
            ReadListener listener,
            Runnable atEnd) {
        this.topic = topic;
        this.network = network;
        this.subscriber = subscriber;
        this.listener = listener;
        this.signals = new InOrder(network.workers());
        this.plan = new ReadPlan(topic, options);
        this.patienceNs = config.requestTimeout().toNanos();
        this.retriesMax = config.retriesMax();
        this.atEnd = atEnd;
    }

    void start() {
        signals.execute(() -> {
            try {
                subscriber.onSubscribe(this);
            } catch (RuntimeException e) {
                cancel();
            }
        });
    }

    @Override
    public synchronized void request(long count) {
        if (count <= 0) {
            end(new IllegalArgumentException("A subscriber asks for at least one event, not for " + count + "."));
            return;
        }
        demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
        if (!opened) {
            opened = true;
            lastProgressNs = System.nanoTime();
            open();
            watch();
        }
        deliver();
    }

    @Override
    public synchronized void cancel() {
        finish();
    }

    private void open() {
        ReadRequest rest = plan.rest();
        if (over || complete) {
            return;
        }
        if (rest == null) {
            end(null);
            return;
        }
        try {
            ReadCall opening = network.openRead(network.candidates().get(0), rest, this);
            call = opening;
            sawCaughtUp = false;
            lastHeardNs = System.nanoTime();
            requested = FRAMES_MAX;
            opening.request(FRAMES_MAX);
        } catch (FailedException e) {
            end(Failures.exception(e.failure()));
        }
    }

    private synchronized void reopen() {
        if (call == null) {
            open();
        }
    }

    @Override
    public synchronized void frame(ReadCall from, ReadFrame frame) {
        if (from != call) {
            return;
        }
        lastHeardNs = System.nanoTime();
        lastProgressNs = lastHeardNs;
        failuresInRow = 0;
        requested--;
        network.worked(from.address());
        try {
            take(frame);
        } catch (RuntimeException e) {
            end(Failures.exception(Failure.of(ErrorCode.DATA_CORRUPT, String.valueOf(e.getMessage()))
                    .with("node", from.address())));
            return;
        }
        ask();
        deliver();
    }

    private void take(ReadFrame frame) {
        switch (frame.getFrameCase()) {
            case STARTED -> {
                if (plan.begun(frame.getStarted())) {
                    frames.add(frame.getStarted());
                }
            }
            case CHUNK -> keep(Chunks.events(topic, frame.getChunk(), plan.backward()));
            case EVENTS -> keep(Chunks.events(topic, frame.getEvents()));
            case CAUGHT_UP -> {
                sawCaughtUp = true;
                frames.add(frame.getCaughtUp());
            }
            case HEARTBEAT, FRAME_NOT_SET -> {}
        }
    }

    private void keep(List<RecordedEvent> events) {
        List<RecordedEvent> fresh = plan.arrived(events);
        if (!fresh.isEmpty()) {
            frames.add(new Block(fresh));
        }
    }

    /** Asks for what may be held: what waits and what was asked for are together at most two frames. */
    private void ask() {
        ReadCall open = call;
        int held = frames.size() + (current == null ? 0 : 1);
        int more = FRAMES_MAX - held - requested;
        if (open != null && more > 0) {
            if (requested == 0) {
                lastHeardNs = System.nanoTime();
            }
            requested += more;
            open.request(more);
        }
    }

    @Override
    public synchronized void ended(ReadCall from) {
        if (from != call) {
            return;
        }
        if (plan.follow() ? plan.bounded() : sawCaughtUp) {
            end(null);
        } else {
            lost(from, Failure.of(ErrorCode.NOT_READY, "The node ended the read early."));
        }
    }

    @Override
    public synchronized void failed(ReadCall from, Failure met) {
        if (from == call) {
            lost(from, met);
        }
    }

    private void lost(ReadCall from, Failure met) {
        call = null;
        requested = 0;
        if (met.retryable()) {
            network.failed(from.address());
        }
        boolean patient = plan.follow() && plan.started();
        boolean late = !patient && System.nanoTime() - lastProgressNs > patienceNs;
        if (!met.retryable() || late || ++failuresInRow > retriesMax) {
            end(Failures.exception(met));
            return;
        }
        signals.execute(() -> told(() -> listener.reconnecting(Failures.exception(met))));
        if (!network.after(Backoff.delayMs(failuresInRow), this::reopen)) {
            end(Failures.exception(met));
        }
    }

    /** A node that is asked and stays silent, not even a heartbeat, is lost. */
    private synchronized void watch() {
        if (over || complete) {
            return;
        }
        ReadCall open = call;
        long silenceNs = plan.follow() && plan.started() ? FOLLOW_SILENCE_NS : patienceNs;
        if (open != null && requested > 0 && System.nanoTime() - lastHeardNs > silenceNs) {
            open.cancel();
            lost(open, Failure.of(ErrorCode.READ_TIMED_OUT, "The node sent nothing for too long."));
        }
        network.after(Math.min(1_000, TimeUnit.NANOSECONDS.toMillis(patienceNs) / 4 + 1), this::watch);
    }

    private void end(@Nullable Throwable why) {
        if (!complete && !over) {
            complete = true;
            failure = why;
            ReadCall open = call;
            call = null;
            if (open != null) {
                open.cancel();
            }
            deliver();
        }
    }

    /** Ends it without a further signal. */
    void finish() {
        if (!over) {
            over = true;
            frames.clear();
            current = null;
            ReadCall open = call;
            call = null;
            if (open != null) {
                open.cancel();
            }
            atEnd.run();
        }
    }

    /** The client is closed. */
    synchronized void closed() {
        end(Failures.exception(Failure.of(ErrorCode.NOT_READY, "This client was closed.")));
    }

    private void deliver() {
        if (!delivering && !over) {
            delivering = true;
            signals.execute(this::handOver);
        }
    }

    private void handOver() {
        for (Runnable signal = next(); signal != null; signal = next()) {
            told(signal);
        }
    }

    /** A subscriber or listener that throws ends its read. */
    private void told(Runnable signal) {
        try {
            signal.run();
        } catch (RuntimeException e) {
            synchronized (this) {
                if (over) {
                    return;
                }
                finish();
            }
            subscriber.onError(e);
        }
    }

    /** The next signal to give; null when there is none to give now. */
    private synchronized @Nullable Runnable next() {
        while (!over) {
            Iterator<RecordedEvent> events = current;
            if (events != null && events.hasNext()) {
                if (demand == 0) {
                    break;
                }
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
                RecordedEvent event = events.next();
                return () -> subscriber.onNext(event);
            }
            current = null;
            Object frame = frames.poll();
            ask();
            if (frame instanceof ReadStarted begun) {
                return () -> listener.started(begun.getPosition(), begun.getHead(), begun.getSnapped());
            } else if (frame instanceof CaughtUp mark) {
                return () -> listener.caughtUp(mark.getHead(), mark.getNext(), mark.getComplete());
            } else if (frame instanceof Block block) {
                current = block.events().iterator();
            } else if (complete) {
                Throwable why = failure;
                finish();
                return why == null ? subscriber::onComplete : () -> subscriber.onError(why);
            } else {
                break;
            }
        }
        delivering = false;
        return null;
    }

    /** The events of one frame. */
    private record Block(List<RecordedEvent> events) {}
}
