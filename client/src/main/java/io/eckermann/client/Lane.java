package io.eckermann.client;

import io.eckermann.client.transport.AppendPipe;
import io.eckermann.client.transport.Backoff;
import io.eckermann.client.transport.FailedException;
import io.eckermann.client.transport.Failure;
import io.eckermann.client.transport.Network;
import io.eckermann.protocol.AdaptiveCompression;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.Condition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way of one topic's appends: numbered, pipelined to the leader, resent in order until acknowledged or out of time.
 *
 * <p>Numbers are dense, and the server takes number n only after n-1. Hence, when an append ends without having been
 * taken and never can be, none sent behind it under this producer id can be taken either: those go on under a fresh id.
 * When its outcome is still unknown at its deadline, whoever waits is told, but it goes on being resent while one behind
 * it, which can be taken only after it, has time left. Nothing new is sent behind it: when the last of those has been
 * told too, what was never sent goes on under a fresh id. No event is ever sent under two numbers while one of them might
 * still be taken.
 *
 * <p>One lock, this, never held while encoding or sending ({@link Outbox}); futures complete outside of it, in order.
 */
final class Lane implements AppendPipe.Results {
    private final ClientConfig config;
    private final Network network;
    private final Settlements settlements;
    private final Outbox outbox;
    private final AdaptiveCompression compression;
    private final int inFlightMax;

    /** Numbered, in order, without gaps. */
    private final List<Batch> numbered = new ArrayList<>();
    /** Not numbered yet, in order; what comes joins the last one while it has room. */
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();

    private String producer;
    private long nextSequence = 1;
    private @Nullable AppendPipe pipe;
    /** How many of the numbered were sent on this pipe. */
    private int sent;
    /** A leader is being looked for, or a pause runs. */
    private boolean connecting;
    /** The timer will call {@link #expire}. */
    private boolean watching;

    private int failuresInRow;
    private @Nullable Failure lastFailure;
    private boolean closed;

    /** @param producer its first id, which no other lane of the topic has */
    Lane(
            String topic,
            ClientConfig config,
            Network network,
            Settlements settlements,
            String producer,
            int inFlightMax) {
        this.config = config;
        this.network = network;
        this.settlements = settlements;
        this.outbox = new Outbox(topic, network.workers(), this::broken);
        this.compression = new AdaptiveCompression(config.compression().encoding());
        this.producer = producer;
        this.inFlightMax = inFlightMax;
    }

    /**
     * Takes events that stay together, whose bytes the budget already holds; returns who waits for them.
     *
     * @param conditions when there are any, nobody else's events share the append
     */
    <W extends Waiting> W add(List<Event> events, long bytes, List<Condition> conditions, W who) {
        Batch full = null;
        synchronized (this) {
            Batch last = waiting.peekLast();
            long deadlineNs = System.nanoTime() + config.requestTimeout().toNanos();
            if (last == null || !conditions.isEmpty() || !last.takes(who.events(), bytes, deadlineNs, config)) {
                full = last;
                last = new Batch(deadlineNs, compression, conditions);
                waiting.add(last);
                watch(last);
            }
            last.add(events, bytes, who);
            if (full != null) {
                full.seal();
            }
            if (closed) {
                close();
            }
            pump(false);
        }
        if (full != null) {
            // By whoever filled it, so that many producers encode at once.
            full.encodeAhead();
        }
        outbox.send();
        return who;
    }

    /** Whether this thread is telling somebody of an append: it must not wait for others to be told. */
    boolean isTelling() {
        return settlements.isTelling();
    }

    /** Completes when everything taken so far is settled, whatever callers did to their futures. */
    synchronized CompletableFuture<Void> flush() {
        return settlements.behind(Stream.concat(numbered.stream(), waiting.stream()));
    }

    /** Ends it; what is not acknowledged fails. */
    synchronized void close() {
        closed = true;
        Failure failure = AppendFailures.clientClosed();
        dropPipe();
        numbered.forEach(batch -> settlements.failed(batch, failure.withMayBeDone(batch.mayBeDone())));
        numbered.clear();
        waiting.forEach(batch -> settlements.failed(batch, failure));
        waiting.clear();
    }

    /** Lets leave what may. A batch that still has room waits while others are in flight, unless pushed. */
    private void pump(boolean push) {
        if (closed || (numbered.isEmpty() && waiting.isEmpty())) {
            return;
        }
        AppendPipe out = pipe;
        if (out == null || (sent == 0 && network.hasMoved(outbox.topic(), out.address()))) {
            dropPipe();
            connect();
            return;
        }
        boolean more = push;
        while (sent < inFlightMax) {
            if (sent == numbered.size()) {
                if (sent > 0 && numbered.get(0).told) {
                    return;
                }
                Batch first = waiting.peek();
                if (first == null
                        || (waiting.size() == 1
                                && !numbered.isEmpty()
                                && !more
                                && first.hasRoomFor(1, 1, config.appendBytes()))) {
                    return;
                }
                more = false;
                waiting.remove();
                first.seal();
                first.sequence = nextSequence++;
                numbered.add(first);
            }
            Batch batch = numbered.get(sent++);
            batch.depart();
            outbox.put(out, batch, producer);
        }
    }

    private void connect() {
        if (connecting) {
            return;
        }
        connecting = true;
        CompletableFuture<String> unused = network.leader(outbox.topic()).whenComplete(this::connected);
    }

    private void connected(@Nullable String address, @Nullable Throwable error) {
        open(address, error);
        if (!Thread.holdsLock(this)) {
            outbox.send();
        }
    }

    private synchronized void open(@Nullable String address, @Nullable Throwable error) {
        connecting = false;
        if (closed) {
            return;
        }
        if (address == null) {
            lost(Failure.of(Network.unwrap(Objects.requireNonNull(error))));
            return;
        }
        try {
            sent = 0;
            pipe = network.openAppends(address, this);
        } catch (FailedException e) {
            lost(e.failure());
            return;
        }
        pump(true);
    }

    @Override
    public void result(AppendPipe from, AppendResult result) {
        answered(from, result);
        outbox.sendFromTransport();
    }

    private synchronized void answered(AppendPipe from, AppendResult result) {
        if (from != pipe || sent == 0) {
            return;
        }
        Batch oldest = numbered.get(0);
        Failure failure = result.hasAppended() ? null : Failure.of(result.getProblem());
        if (failure == null || failure.isConclusive()) {
            numbered.remove(0);
            sent--;
            failuresInRow = 0;
            network.worked(from.address());
            settlements.answered(oldest, result);
            pump(true);
            return;
        }
        oldest.inFlight = false;
        // What its bytes were refused for, they were refused for in every attempt.
        oldest.unknown = !failure.isOfTheRequest() && (oldest.unknown || failure.mayBeDone());
        if (failure.is(ErrorCode.SEQUENCE_GAP) && !oldest.unknown) {
            // Everything before it was acknowledged, so the server forgot this producer.
            restartUnderFreshId();
            lost(failure);
        } else if (failure.retryable() || failure.mayBeDone()) {
            lost(failure);
        } else {
            refused(oldest, failure);
        }
    }

    @Override
    public synchronized void broken(AppendPipe from, Failure failure) {
        if (from == pipe) {
            for (Batch batch : numbered.subList(0, sent)) {
                batch.unknown |= batch.inFlight && failure.mayBeDone();
                batch.inFlight = false;
            }
            if (failure.unreached()) {
                network.failed(from.address());
            }
            lost(failure);
        }
    }

    /** This attempt is over; everything numbered is sent again after a pause. */
    private void lost(Failure failure) {
        lastFailure = failure;
        AppendPipe out = pipe;
        if (out != null && !failure.is(ErrorCode.OVERLOADED)) {
            // Whoever has too much to do is the leader all the same.
            network.forgetLeader(out.address());
        }
        dropPipe();
        if (closed || (numbered.isEmpty() && waiting.isEmpty()) || connecting) {
            return;
        }
        if (!numbered.isEmpty() && numbered.get(0).attempts() > config.retriesMax()) {
            ended(numbered.get(0), failure);
        }
        connecting = true;
        if (!network.after(Backoff.delayMs(++failuresInRow), this::resume)) {
            connecting = false;
        }
    }

    private void resume() {
        synchronized (this) {
            connecting = false;
            pump(true);
        }
        outbox.send();
    }

    private void dropPipe() {
        AppendPipe out = pipe;
        if (out == null) {
            return;
        }
        pipe = null;
        sent = 0;
        outbox.clear();
        out.cancel();
        for (Batch batch : numbered) {
            batch.unknown |= batch.inFlight;
            batch.inFlight = false;
        }
    }

    /** The oldest was refused for good. If for what it holds, others in it may be innocent: it is tried again in halves. */
    private void refused(Batch oldest, Failure failure) {
        boolean forWhatItHolds = failure.isOfTheRequest() || failure.is(ErrorCode.EVENT_ID_EXISTS);
        List<Batch> halves = forWhatItHolds ? oldest.halves() : List.of(oldest);
        if (halves.size() > 1 && !oldest.mayBeDone() && !oldest.told) {
            numbered.remove(0);
            renumberAfter(oldest, failure);
            waiting.addFirst(halves.get(1));
            waiting.addFirst(halves.get(0));
        } else {
            ended(oldest, failure);
        }
        pump(true);
    }

    /** The oldest ends without acknowledgement. */
    private void ended(Batch oldest, Failure failure) {
        numbered.remove(0);
        boolean unknown = oldest.mayBeDone();
        settlements.failed(oldest, failure.withMayBeDone(unknown));
        if (unknown) {
            while (!numbered.isEmpty() && (numbered.get(0).mayBeDone() || numbered.get(0).told)) {
                settlements.failed(numbered.remove(0), AppendFailures.behindUnknown());
            }
            restartUnderFreshId();
        } else {
            renumberAfter(oldest, failure);
        }
    }

    /** The number was certainly not taken: it is free again, unless something was sent behind it. */
    private void renumberAfter(Batch untaken, Failure failure) {
        if (numbered.isEmpty() && !failure.code().startsWith("SEQUENCE_")) {
            sent = 0;
            nextSequence = untaken.sequence;
        } else {
            restartUnderFreshId();
        }
    }

    /** None of the numbered can be taken under its number any more: they become the first of those waiting. */
    private void restartUnderFreshId() {
        dropPipe();
        for (int i = numbered.size() - 1; i >= 0; i--) {
            Batch batch = numbered.get(i);
            batch.unknown = false;
            if (batch.told) {
                settlements.forget(batch);
            } else {
                waiting.addFirst(batch);
            }
        }
        numbered.clear();
        producer = UUID.randomUUID().toString();
        nextSequence = 1;
    }

    private void watch(Batch batch) {
        if (!watching) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(batch.deadlineNs - System.nanoTime()) + 1;
            watching = network.after(Math.max(1, leftMs), this::expire);
        }
    }

    private void expire() {
        expireDue();
        outbox.send();
    }

    private synchronized void expireDue() {
        watching = false;
        long now = System.nanoTime();
        expireNumbered(now);
        while (!waiting.isEmpty() && waiting.peek().deadlineNs <= now) {
            settlements.failed(waiting.remove(), outOfTime(false));
        }
        Batch next = numbered.stream().filter(batch -> !batch.told).findFirst().orElseGet(waiting::peek);
        if (next != null) {
            watch(next);
            pump(true);
        }
    }

    private void expireNumbered(long now) {
        while (!numbered.isEmpty()
                && numbered.get(0).deadlineNs <= now
                && !numbered.get(0).mayBeDone()) {
            ended(numbered.get(0), outOfTime(false));
        }
        for (Batch batch : numbered) {
            if (batch.deadlineNs <= now && !batch.told) {
                batch.told = true;
                settlements.tell(batch, outOfTime(true));
            }
        }
        if (!numbered.isEmpty() && numbered.get(numbered.size() - 1).told) {
            restartUnderFreshId();
        }
    }

    private Failure outOfTime(boolean unknown) {
        return AppendFailures.outOfTime(unknown, lastFailure, config.requestTimeout());
    }
}
