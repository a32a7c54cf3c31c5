package io.eckermann.gateway.read;

import io.eckermann.statemachine.HeadSignal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a topic to change, for a time to pass, or to be closed. It listens from its construction on and remembers
 * one change, so what happens between a look at the topic and the wait after it is not missed.
 *
 * <p>Threads: signals come on the apply thread, which only hands them on; one caller waits at a time.
 */
final class NewsWait implements AutoCloseable {
    enum News {
        CHANGED,
        TIME_IS_UP,
        CLOSED
    }

    private final Executor reads;
    private final ScheduledExecutorService timer;
    private final HeadSignal.Listener listener;

    // Guarded by this.
    private boolean changed;
    private boolean closed;
    private @Nullable CompletableFuture<News> waiting;
    private long dueNanos;
    /** At most one timer task is under way; one that comes too early for a later wait is set again. */
    private @Nullable ScheduledFuture<?> alarm;

    private long alarmNanos;

    NewsWait(HeadSignal heads, long topicId, Executor reads, ScheduledExecutorService timer) {
        this.reads = reads;
        this.timer = timer;
        this.listener = heads.listen(topicId, this::changed);
    }

    /** Forgets changes so far: the caller is about to look at the topic. */
    synchronized void looking() {
        changed = false;
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Completes on the reads executor, or at once. */
    synchronized CompletableFuture<News> await(long untilNanos) {
        if (closed || changed) {
            return CompletableFuture.completedFuture(closed ? News.CLOSED : News.CHANGED);
        }
        dueNanos = untilNanos;
        if (!setTimer()) {
            return CompletableFuture.completedFuture(News.CLOSED);
        }
        CompletableFuture<News> wait = new CompletableFuture<>();
        waiting = wait;
        return wait;
    }

    /** Returns false when the node is stopping: the timer takes nothing any more. */
    private boolean setTimer() {
        if (dueNanos - alarmNanos < 0) {
            stopTimer();
        }
        if (alarm == null) {
            try {
                alarm = timer.schedule(
                        this::timePassed, Math.max(0, dueNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                alarmNanos = dueNanos;
            } catch (RejectedExecutionException e) {
                return false;
            }
        }
        return true;
    }

    private void stopTimer() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void changed() {
        CompletableFuture<News> wait;
        synchronized (this) {
            changed = true;
            wait = takeWaiting();
        }
        finish(wait, News.CHANGED);
    }

    private void timePassed() {
        CompletableFuture<News> wait;
        synchronized (this) {
            stopTimer();
            if (dueNanos - System.nanoTime() > 0 && (waiting == null || setTimer())) {
                return;
            }
            wait = takeWaiting();
        }
        finish(wait, News.TIME_IS_UP);
    }

    @Override
    public void close() {
        listener.close();
        CompletableFuture<News> wait;
        synchronized (this) {
            closed = true;
            stopTimer();
            wait = takeWaiting();
        }
        finish(wait, News.CLOSED);
    }

    private @Nullable CompletableFuture<News> takeWaiting() {
        CompletableFuture<News> wait = waiting;
        waiting = null;
        return wait;
    }

    private void finish(@Nullable CompletableFuture<News> wait, News news) {
        if (wait == null) {
            return;
        }
        try {
            reads.execute(() -> wait.complete(news));
        } catch (RejectedExecutionException e) {
            wait.complete(News.CLOSED);
        }
    }

    /** The moment this much from now, for {@link #await}. */
    static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }
}
