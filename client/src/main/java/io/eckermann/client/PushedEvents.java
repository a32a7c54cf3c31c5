package io.eckermann.client;

import io.eckermann.protocol.ChunkReader;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Hands the events of a read to a subscriber as it demands them, in order, on a worker that decodes them too. */
final class PushedEvents implements Flow.Subscription {
    private final ReadSession session;
    private final Flow.Subscriber<? super RecordedEvent> subscriber;
    /** Whether a run of {@link #handOver} is to come that sees all news up to now. */
    private final AtomicBoolean due = new AtomicBoolean();
    /** Guarded by this. */
    private long demand;
    /** Of the run, like what follows. */
    private Iterator<RecordedEvent> events = Collections.emptyIterator();

    private final ChunkReader reader = new ChunkReader();
    private boolean over;

    PushedEvents(ReadSession session, Flow.Subscriber<? super RecordedEvent> subscriber) {
        this.session = session;
        this.subscriber = subscriber;
        session.onNews(this::wake);
    }

    void start() {
        session.signals().execute(() -> {
            try {
                subscriber.onSubscribe(this);
            } catch (Throwable e) {
                cancel();
            }
        });
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            session.end(
                    new IllegalArgumentException("A subscriber asks for at least one event, not for " + count + "."));
            return;
        }
        synchronized (this) {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
        }
        session.start();
        wake();
    }

    @Override
    public void cancel() {
        session.finish();
    }

    private void wake() {
        if (!due.getAndSet(true)) {
            session.signals().execute(this::handOver);
        }
    }

    private void handOver() {
        due.set(false);
        boolean more = !over;
        while (more) {
            try {
                more = events.hasNext() ? handOverSome() : take(session.poll());
            } catch (Throwable e) {
                // A subscriber or listener that throws, be it an error, ends its read, as do bytes that are no events.
                fail(e);
                more = false;
            }
        }
    }

    /** Hands over what is demanded of the events that are there; false when no more is demanded. */
    private boolean handOverSome() {
        long allowed = demanded();
        long handed = 0;
        try {
            while (handed < allowed && events.hasNext() && !session.over()) {
                handed++;
                subscriber.onNext(events.next());
            }
        } finally {
            met(handed);
        }
        if (session.over()) {
            events = Collections.emptyIterator();
        }
        return handed > 0 || session.over();
    }

    private synchronized long demanded() {
        return demand;
    }

    private synchronized void met(long handed) {
        demand -= demand == Long.MAX_VALUE ? 0 : handed;
    }

    private boolean take(ReadSession.@Nullable Item item) {
        if (item == null) {
            return false;
        }
        if (item.chunk() != null) {
            events = item.chunk().verified().events(session.backward(), reader).iterator();
        } else if (item.mark() != null) {
            item.mark().run();
        } else {
            over = true;
            if (item.failure() != null) {
                subscriber.onError(item.failure());
            } else if (!item.cancelled()) {
                subscriber.onComplete();
            }
        }
        return !over;
    }

    private void fail(Throwable why) {
        boolean first = !over && !session.over();
        over = true;
        session.finish();
        if (first) {
            subscriber.onError(why);
        }
    }
}
