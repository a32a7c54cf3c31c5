package io.eckermann.gateway.read;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One reader's wait for its topic to change, for a time to pass, or to be closed. It counts changes from its
 * construction on, so what happens between a look at the topic and the wait after it is not missed.
 *
 * <p>One caller waits at a time; it goes on on the reads executor.
 */
final class NewsWait implements AutoCloseable {
    enum News {
        CHANGED,
        TIME_IS_UP,
        CLOSED
    }

    private final TopicNews news;
    private final ScheduledExecutorService timer;
    private final Runnable leave;
    /** Whether the topic knows that this waits; guarded by the topic's news. */
    boolean listed;

    // Guarded by this.
    private long seen;
    private boolean closed;
    private @Nullable CompletableFuture<News> waiting;
    private long dueNanos;
    /** At most one timer task is under way; one that comes too early for a later wait is set again. */
    private @Nullable ScheduledFuture<?> alarm;

    private long alarmNanos;

    /** @param leave called once, when this is closed */
    NewsWait(TopicNews news, ScheduledExecutorService timer, Runnable leave) {
        this.news = news;
        this.timer = timer;
        this.leave = leave;
    }

    /** What readers of this topic share. */
    TopicNews topic() {
        return news;
    }

    /** Forgets changes so far: the caller is about to look at the topic. */
    synchronized void looking() {
        seen = news.changes();
    }

    synchronized boolean closed() {
        return closed;
    }

    /** Completes on the reads executor, or at once. */
    synchronized CompletableFuture<News> await(long untilNanos) {
        if (closed) {
            return CompletableFuture.completedFuture(News.CLOSED);
        }
        if (!news.wakeAfter(seen, this)) {
            return CompletableFuture.completedFuture(News.CHANGED);
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

    private void timePassed() {
        CompletableFuture<News> wait;
        synchronized (this) {
            stopTimer();
            if (dueNanos - System.nanoTime() > 0 && (waiting == null || setTimer())) {
                return;
            }
            wait = takeWaiting();
        }
        news.goOn(wait, News.TIME_IS_UP);
    }

    @Override
    public void close() {
        CompletableFuture<News> wait;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            stopTimer();
            wait = takeWaiting();
        }
        news.forget(this);
        leave.run();
        news.goOn(wait, News.CLOSED);
    }

    /** Lets who waits go on here, if anybody does. */
    void wake(News what) {
        CompletableFuture<News> wait = takeWaiting();
        if (wait != null) {
            wait.complete(what);
        }
    }

    private synchronized @Nullable CompletableFuture<News> takeWaiting() {
        CompletableFuture<News> wait = waiting;
        waiting = null;
        return wait;
    }

    /** The moment this much from now, for {@link #await}. */
    static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }
}
