package io.eckermann.gateway.read;

import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.statemachine.HeadSignal;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the readers of one topic share: one listener, the list of those who wait now, and the frames that the last of
 * them made. A change wakes who waits, and nothing is queued for who does not: those look again by themselves.
 *
 * <p>Threads: signals come on the thread that makes entries visible, which only hands the waiting on, many at once.
 */
final class TopicNews {
    /** How many readers one task wakes: few tasks for many readers, and enough of them for several threads. */
    private static final int WOKEN_TOGETHER = 64;

    /**
     * The frames of a list of chunks.
     *
     * @param chunks told by identity
     */
    private record Made(List<Chunk> chunks, ReadRequest.Format format, List<ReadFrame> frames) {}

    private final Executor reads;
    private final HeadSignal.Listener listener;
    /** Who uses this; guarded by the desk. */
    int readers;

    // Guarded by this.
    private long changes;
    private List<NewsWait> waiting = new ArrayList<>();

    /** Weak, so that what fell out of the tail is not kept by readers that sleep. */
    private volatile @Nullable WeakReference<Made> made;

    TopicNews(HeadSignal heads, long topicId, Executor reads) {
        this.reads = reads;
        this.listener = heads.listen(topicId, this::changed);
    }

    /** How many changes there were. */
    synchronized long changes() {
        return changes;
    }

    /** Has the reader woken by the next change; false when there was one after those it has seen. */
    synchronized boolean wakeAfter(long seen, NewsWait reader) {
        if (changes != seen) {
            return false;
        }
        if (!reader.listed) {
            reader.listed = true;
            waiting.add(reader);
        }
        return true;
    }

    synchronized void forget(NewsWait reader) {
        if (reader.listed) {
            reader.listed = false;
            waiting.remove(reader);
        }
    }

    private void changed() {
        List<NewsWait> woken;
        synchronized (this) {
            changes++;
            if (waiting.isEmpty()) {
                return;
            }
            woken = waiting;
            woken.forEach(reader -> reader.listed = false);
            waiting = new ArrayList<>(woken.size());
        }
        for (int from = 0; from < woken.size(); from += WOKEN_TOGETHER) {
            List<NewsWait> some = woken.subList(from, Math.min(woken.size(), from + WOKEN_TOGETHER));
            try {
                reads.execute(() -> some.forEach(reader -> reader.wake(NewsWait.News.CHANGED)));
            } catch (RejectedExecutionException e) {
                some.forEach(reader -> reader.wake(NewsWait.News.CLOSED));
            }
        }
    }

    /** Lets one reader go on, on the reads executor. */
    void goOn(@Nullable CompletableFuture<NewsWait.News> wait, NewsWait.News news) {
        if (wait == null) {
            return;
        }
        try {
            reads.execute(() -> wait.complete(news));
        } catch (RejectedExecutionException e) {
            wait.complete(NewsWait.News.CLOSED);
        }
    }

    /** Whether the frames of these chunks are there, so that {@link #frames} costs nothing. */
    boolean made(List<Chunk> chunks, ReadRequest.Format format) {
        WeakReference<Made> reference = made;
        Made known = reference == null ? null : reference.get();
        return known != null && known.chunks() == chunks && known.format() == format;
    }

    /** The frames of all of these chunks: made once for all readers that are given the same list. */
    List<ReadFrame> frames(List<Chunk> chunks, ReadRequest.Format format, Supplier<List<ReadFrame>> make) {
        WeakReference<Made> reference = made;
        Made known = reference == null ? null : reference.get();
        if (known == null || known.chunks() != chunks || known.format() != format) {
            known = new Made(chunks, format, make.get());
            made = new WeakReference<>(known);
        }
        return known.frames();
    }

    void close() {
        listener.close();
    }
}
