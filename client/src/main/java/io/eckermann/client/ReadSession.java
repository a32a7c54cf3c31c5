package io.eckermann.client;

import io.eckermann.client.transport.Backoff;
import io.eckermann.client.transport.FailedException;
import io.eckermann.client.transport.Failure;
import io.eckermann.client.transport.Network;
import io.eckermann.client.transport.ReadCall;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import io.eckermann.protocol.v1.Slow;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One read: asks for frames as long as few bytes wait, keeps chunks as they came, and goes on elsewhere when a node is
 * lost. Whoever takes a chunk decodes it on his own thread. One lock, this.
 */
final class ReadSession implements ReadCall.Frames {
    /** While less waits to be taken more is asked for. */
    private static final long WAITING_BYTES = 1 << 20;
    /** Frames that are asked for and have not come: so many may come beyond what is wanted to wait. */
    private static final int REQUESTED_MAX = 2;
    /** What anything that waits counts beside its bytes. */
    private static final long ITEM_BYTES = 128;

    private static final long FOLLOW_SILENCE_NS = TimeUnit.SECONDS.toNanos(20);

    /**
     * What comes next of a read: a chunk, or something the listener hears, or the end.
     *
     * @param cancelled that end was asked for: nobody is told of it
     */
    record Item(
            @Nullable RecordedChunk chunk,
            @Nullable Runnable mark,
            @Nullable Throwable failure,
            boolean cancelled) {
        private static final Item END = new Item(null, null, null, false);
        private static final Item CANCELLED = new Item(null, null, null, true);
    }

    private final String topic;
    private final Network network;
    private final ReadListener listener;
    private final InOrder signals;
    private final ReadPlan plan;
    private final long patienceNs;
    private final int retriesMax;
    private final Runnable atEnd;
    private volatile Runnable news = () -> {};

    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private long waitingBytes;
    private boolean opened;
    private @Nullable ReadCall call;
    /** Frames asked of the call that have not come. */
    private int requested;

    private boolean sawCaughtUp;
    private long lastHeardNs = System.nanoTime();
    private long lastProgressNs = lastHeardNs;
    private int failuresInRow;
    /** No more items will come; after them the failure, if any. */
    private boolean complete;

    private @Nullable Throwable failure;
    private volatile boolean over;

    /** @param atEnd called once, when nothing more is to be expected of it */
    ReadSession(
            String topic,
            ReadOptions options,
            Network network,
            ClientConfig config,
            ReadListener listener,
            Runnable atEnd) {
        this.topic = topic;
        this.network = network;
        this.listener = listener;
        this.signals = new InOrder(network.workers());
        this.plan = new ReadPlan(topic, options);
        this.patienceNs = config.requestTimeout().toNanos();
        this.retriesMax = config.retriesMax();
        this.atEnd = atEnd;
    }

    /** Runs what is given in order, on a worker. */
    InOrder signals() {
        return signals;
    }

    boolean backward() {
        return plan.backward();
    }

    /** What to call when there is something to take, also under the lock: it may only wake somebody. */
    void onNews(Runnable wake) {
        news = wake;
    }

    /** Begins to read; again is fine. */
    synchronized void start() {
        if (!opened) {
            opened = true;
            lastProgressNs = System.nanoTime();
            open();
            watch();
        }
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
            requested = 0;
            ask();
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
    }

    private void take(ReadFrame frame) {
        switch (frame.getFrameCase()) {
            case STARTED -> {
                ReadStarted begun = frame.getStarted();
                if (plan.begun(begun)) {
                    add(mark(() -> listener.started(begun.getPosition(), begun.getHead(), begun.getSnapped())));
                    if (begun.hasKeyVersion()) {
                        add(mark(() -> listener.keyVersion(begun.getKeyVersion())));
                    }
                }
            }
            case CHUNKS -> {
                for (ChunkSlice slice : frame.getChunks().getChunksList()) {
                    RecordedChunk fresh = plan.arrived(new RecordedChunk(topic, slice));
                    if (fresh != null) {
                        add(new Item(fresh, null, null, false));
                    }
                }
            }
            case CAUGHT_UP -> {
                sawCaughtUp = true;
                CaughtUp mark = frame.getCaughtUp();
                add(mark(() -> listener.caughtUp(mark.getHead(), mark.getNext(), mark.getComplete())));
            }
            case HEARTBEAT -> plan.lookedAt(frame.getHeartbeat().getNext());
            case SLOW -> {
                Slow slow = frame.getSlow();
                Duration stalled = Duration.ofMillis(slow.getStalledMillis());
                add(mark(() -> listener.slow(stalled, slow.getBehind())));
            }
            case EVENTS, FRAME_NOT_SET -> {}
        }
    }

    private static Item mark(Runnable heard) {
        return new Item(null, heard, null, false);
    }

    private void add(Item item) {
        items.add(item);
        waitingBytes += bytes(item);
        tell();
    }

    private void tell() {
        notifyAll();
        news.run();
    }

    private static long bytes(Item item) {
        return ITEM_BYTES + (item.chunk() == null ? 0 : item.chunk().bytes());
    }

    private boolean wantsMore() {
        return waitingBytes < WAITING_BYTES;
    }

    /** Asks for more frames while few bytes wait. */
    private void ask() {
        ReadCall open = call;
        int more = REQUESTED_MAX - requested;
        if (open != null && more > 0 && wantsMore()) {
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
        failuresInRow++;
        if (!met.retryable() || (wantsMore() && isLate())) {
            end(Failures.exception(met));
            return;
        }
        signals.execute(() -> reconnecting(met));
        if (!network.after(Backoff.delayMs(failuresInRow), this::reopen)) {
            end(Failures.exception(met));
        }
    }

    /** Whether it has tried for too long, or too often. */
    private boolean isLate() {
        boolean patient = plan.follow() && plan.started();
        return failuresInRow > retriesMax || (!patient && System.nanoTime() - lastProgressNs > patienceNs);
    }

    private void reconnecting(Failure met) {
        try {
            listener.reconnecting(Failures.exception(met));
        } catch (Throwable e) {
            end(e);
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

    /** Lets no more items come; after those that wait comes the failure, or just the end. */
    synchronized void end(@Nullable Throwable why) {
        if (!complete && !over) {
            complete = true;
            failure = why;
            hangUp();
            tell();
        }
    }

    /** Ends it at once, whatever waits. */
    synchronized void finish() {
        if (!over) {
            over = true;
            items.clear();
            hangUp();
            tell();
            atEnd.run();
        }
    }

    private void hangUp() {
        ReadCall open = call;
        call = null;
        if (open != null) {
            open.cancel();
        }
    }

    /** Whether it was ended: nothing may be handed over any more. */
    boolean over() {
        return over;
    }

    /** The client is closed. */
    void closed() {
        end(Failures.exception(Failure.of(ErrorCode.NOT_READY, "This client was closed.")));
    }

    /** What comes next if it is there; the end once, and a cancelled one from then on. */
    synchronized @Nullable Item poll() {
        if (over) {
            return Item.CANCELLED;
        }
        Item item = items.poll();
        if (item != null) {
            boolean paused = !wantsMore();
            waitingBytes -= bytes(item);
            if (paused && wantsMore()) {
                // No progress could be made meanwhile, and none was missed: patience begins now.
                lastProgressNs = System.nanoTime();
                failuresInRow = 0;
            }
            ask();
            return item;
        }
        if (!complete) {
            return null;
        }
        Throwable why = failure;
        finish();
        return why == null ? Item.END : new Item(null, null, why, false);
    }

    /** As {@link #poll()}, but waits this long for it. */
    synchronized @Nullable Item poll(long waitNs) throws InterruptedException {
        Item item = poll();
        long endNs = System.nanoTime() + waitNs;
        for (long leftNs = waitNs; item == null && leftNs > 0; leftNs = endNs - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            item = poll();
        }
        return item;
    }
}
