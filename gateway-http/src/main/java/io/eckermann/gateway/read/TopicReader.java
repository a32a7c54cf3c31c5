package io.eckermann.gateway.read;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.ShardReads;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Heartbeat;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.ReadStarted;
import io.eckermann.protocol.v1.Slow;
import io.eckermann.statemachine.Recent;
import io.eckermann.statemachine.TopicState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A read of one topic, page by page. A page is fetched when its first frame is asked for. Live reading is the same as
 * reading the past: a signal only says that it is worth looking again from the next position, so there is no seam
 * between the two where an event could be lost or come twice.
 *
 * <p>Threads: fields below the news belong to whoever runs the one pending {@link #next}.
 */
final class TopicReader implements ReadStream {
    private static final Duration HEARTBEAT_USUAL = Duration.ofSeconds(10);

    private final Shard shard;
    private final Executor reads;
    private final TopicState topic;
    private final ReadStart start;
    private final boolean follow;
    private final boolean exact;
    private final Duration heartbeat;
    private final NewsWait news;
    private final Slowness slowness;
    private final ReadMemory memory;

    private final Selection selection;
    private final ReadProgress progress;
    private final Queue<ReadFrame> page = new ArrayDeque<>();
    private long head;
    /** The first event that was kept when this last looked. */
    private long first;

    private boolean startedSent;
    private boolean caughtUpSent;
    private boolean over;

    /** @param news listens to the topic since before the start was looked up; closed with this */
    TopicReader(
            Shard shard,
            Executor reads,
            ReadRequest request,
            Selection selection,
            TopicState topic,
            ReadStart start,
            NewsWait news,
            Allowance allowance) {
        this.shard = shard;
        this.reads = reads;
        this.topic = topic;
        this.start = start;
        this.follow = request.getFollow();
        this.exact = request.getExact();
        this.heartbeat =
                request.getHeartbeatMillis() == 0 ? HEARTBEAT_USUAL : Duration.ofMillis(request.getHeartbeatMillis());
        this.news = news;
        this.slowness = allowance.slowness();
        this.memory = allowance.memory();
        this.head = start.head();
        this.selection = selection;
        this.first = topic.first();
        this.progress =
                new ReadProgress(request, topic.first(), start.head(), start.position(), ReadMemory.PAGE_BYTES_MAX);
    }

    @Override
    public CompletableFuture<Optional<ReadFrame>> next() {
        Duration stalled = follow ? slowness.asked() : Duration.ZERO;
        CompletableFuture<Optional<ReadFrame>> next = stalled.isZero() ? pulled() : slow(stalled);
        return next.thenApply(frame -> {
            if (!frame.map(ReadFrame::hasSlow).orElse(false)) {
                slowness.gave();
            }
            return frame;
        });
    }

    /** Says how slow the reader is, if it misses anything; goes on otherwise. */
    private CompletableFuture<Optional<ReadFrame>> slow(Duration stalled) {
        if (over || news.closed()) {
            return pulled();
        }
        return Failures.guarded(() -> CompletableFuture.supplyAsync(() -> slowFrame(stalled), reads)
                .thenCompose(frame -> frame.isPresent() ? CompletableFuture.completedFuture(frame) : pulled()));
    }

    private Optional<ReadFrame> slowFrame(Duration stalled) {
        // A topic that is gone is said by what comes next.
        return shard.view()
                .topic(topic.id())
                .map(TopicState::head)
                .filter(now -> now >= progress.next())
                .map(now -> ReadFrame.newBuilder()
                        .setSlow(Slow.newBuilder()
                                .setStalledMillis(stalled.toMillis())
                                .setBehind(now - progress.next() + 1)
                                .setHead(now))
                        .build());
    }

    private CompletableFuture<Optional<ReadFrame>> pulled() {
        if (over || news.closed()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        if (!startedSent) {
            startedSent = true;
            ReadStarted.Builder begun = started(start.position(), start.head(), start.snapped());
            start.keyVersion().ifPresent(begun::setKeyVersion);
            return CompletableFuture.completedFuture(Optional.of(frame(begun)));
        }
        ReadFrame ready = page.poll();
        if (ready != null) {
            return CompletableFuture.completedFuture(Optional.of(ready));
        }
        return Failures.guarded(() -> Failures.guarded(() -> look(NewsWait.in(heartbeat)))
                .whenComplete((frame, failure) -> {
                    if (failure != null || frame.isEmpty()) {
                        over = true;
                        news.close();
                    }
                }));
    }

    /** Looks in memory at once, whatever thread this is, and at the disk where reading may take long. */
    private CompletableFuture<Optional<ReadFrame>> look(long heartbeatNanos) {
        Pulled pulled = glance();
        CompletableFuture<Pulled> looked =
                pulled != null ? CompletableFuture.completedFuture(pulled) : pulled(heartbeatNanos);
        return looked.thenCompose(found -> found.nothingYet ? await(heartbeatNanos) : found.frame());
    }

    private CompletableFuture<Optional<ReadFrame>> await(long heartbeatNanos) {
        return news.await(heartbeatNanos).thenCompose(what -> switch (what) {
            case CHANGED -> lookAgain(heartbeatNanos);
            case TIME_IS_UP -> CompletableFuture.completedFuture(Optional.of(heartbeatFrame()));
            case CLOSED -> CompletableFuture.completedFuture(Optional.empty());
        });
    }

    /** A change that was there already would otherwise deepen the stack of whoever looks. */
    private CompletableFuture<Optional<ReadFrame>> lookAgain(long heartbeatNanos) {
        Pulled pulled = glance();
        if (pulled != null && !pulled.nothingYet) {
            return pulled.frame();
        }
        return pulled(heartbeatNanos).thenCompose(found -> found.nothingYet ? await(heartbeatNanos) : found.frame());
    }

    private CompletableFuture<Pulled> pulled(long heartbeatNanos) {
        if (selection.expression() == null) {
            return CompletableFuture.supplyAsync(this::pull, reads);
        }
        CompletableFuture<Pulled> done = new CompletableFuture<>();
        lookThrough(done, heartbeatNanos);
        return done;
    }

    /**
     * Looks through page after page, each in a turn of its own, since no event of very many may be wanted; gives a sign of
     * life when it is time for one.
     */
    private void lookThrough(CompletableFuture<Pulled> done, long heartbeatNanos) {
        try {
            reads.execute(() -> {
                try {
                    Pulled pulled = pull();
                    if (!pulled.lookOn) {
                        done.complete(pulled);
                    } else if (System.nanoTime() - heartbeatNanos >= 0) {
                        done.complete(new Pulled(heartbeatFrame(), false));
                    } else {
                        lookThrough(done, heartbeatNanos);
                    }
                } catch (RuntimeException | Error e) {
                    done.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException stopping) {
            done.complete(new Pulled(null, false));
        }
    }

    /** A frame, the end (no frame), nothing yet, or nothing on this page of more. */
    private record Pulled(@Nullable ReadFrame next, boolean nothingYet, boolean lookOn) {
        Pulled(@Nullable ReadFrame next, boolean nothingYet) {
            this(next, nothingYet, false);
        }

        CompletableFuture<Optional<ReadFrame>> frame() {
            return CompletableFuture.completedFuture(Optional.ofNullable(next));
        }
    }

    /** What can be said from memory alone; null when the disk must be asked, or there is much to do. */
    private @Nullable Pulled glance() {
        boolean takesAll = selection.isAll() && !progress.awaitsTime();
        if (!takesAll || !follow || !caughtUpSent || progress.ended() || news.closed()) {
            return null;
        }
        news.looking();
        Recent recent = shard.view().recent(topic.id(), progress.next(), pageBytesMax());
        if (recent == null) {
            return null;
        }
        head = Math.max(head, recent.head());
        if (recent.chunks().isEmpty()) {
            return progress.next() > head ? new Pulled(null, true) : null;
        }
        if (progress.format() == ReadRequest.Format.EVENTS && !news.topic().made(recent.chunks(), progress.format())) {
            return null;
        }
        take(recent.chunks());
        return new Pulled(page.poll(), false);
    }

    private Pulled pull() {
        while (!news.closed()) {
            ReadFrame ready = page.poll();
            if (ready != null) {
                return new Pulled(ready, false);
            }
            if (progress.ended()) {
                return new Pulled(caughtUpSent ? null : caughtUp(), false);
            }
            news.looking();
            if (progress.forward() && progress.next() > head) {
                head = Math.max(head, current().head());
                if (progress.next() > head) {
                    return caughtUpSent ? new Pulled(null, true) : new Pulled(caughtUp(), false);
                }
            }
            fetch();
            if (selection.expression() != null && page.isEmpty() && !progress.ended()) {
                return new Pulled(null, false, true);
            }
        }
        return new Pulled(null, false);
    }

    /** False when what comes next was removed since this last looked: then it goes on with what is there, and says so. */
    private boolean isStillThere() {
        TopicState now = current();
        first = now.first();
        if (progress.next() >= first) {
            progress.raiseFloor(first);
            return true;
        }
        if (exact) {
            throw ReadStart.outOfRange(now);
        }
        head = Math.max(head, now.head());
        progress.skipTo(first);
        if (progress.forward()) {
            page.add(frame(started(first, head, true)));
        }
        return false;
    }

    private TopicState current() {
        return shard.view().topic(topic.id()).orElseThrow(() -> ShardReads.topicNotFound(topic.name()));
    }

    private void fetch() {
        if (!selection.isAll()) {
            if (isStillThere()) {
                fetchMatches();
            }
            return;
        }
        long bytesMax = pageBytesMax();
        Recent recent = progress.forward() ? shard.view().recent(topic.id(), progress.next(), bytesMax) : null;
        if (recent != null && !recent.chunks().isEmpty()) {
            take(recent.chunks());
        } else if (isStillThere()) {
            fetchStored(bytesMax);
        }
    }

    /** What is fetched at once, and so the size of a frame of chunks; one chunk or event may be larger. */
    private long pageBytesMax() {
        return progress.pageBytesMax(memory.pageBytes());
    }

    private void fetchStored(long bytesMax) {
        List<Chunk> chunks = progress.forward()
                ? shard.view().forward(topic.id(), progress.next(), bytesMax)
                : shard.view().backward(topic.id(), progress.next(), bytesMax);
        if (!chunks.isEmpty() && progress.isIn(chunks.get(0))) {
            take(chunks);
        } else if (progress.next() >= current().first()) {
            // The view has the position unless the topic was truncated or deleted since it said so.
            throw noChunk(progress.next());
        }
    }

    private void fetchMatches() {
        Matches matches =
                selection.find(shard.view(), topic.id(), progress.direction(), progress.next(), progress.bound(head));
        if (matches.isCutShort() && matches.missing() >= current().first()) {
            throw noChunk(matches.missing());
        }
        page.addAll(progress.frames(matches.events(), matches.through()));
    }

    private StoreException noChunk(long position) {
        return new StoreException(ErrorCode.DATA_CORRUPT, "No chunk holds an event that the topic has.")
                .with("topic", topic.name())
                .with("position", position);
    }

    /** Frames of what is wanted of the chunks; readers who want the same share them. */
    private void take(List<Chunk> chunks) {
        if (follow && progress.wantsWhole(chunks)) {
            page.addAll(news.topic().frames(chunks, progress.format(), () -> progress.whole(chunks)));
            progress.pass(chunks);
        } else {
            page.addAll(progress.frames(chunks));
        }
    }

    private static ReadStarted.Builder started(long position, long head, boolean snapped) {
        return ReadStarted.newBuilder().setPosition(position).setHead(head).setSnapped(snapped);
    }

    private static ReadFrame frame(ReadStarted.Builder started) {
        return ReadFrame.newBuilder().setStarted(started).build();
    }

    private ReadFrame caughtUp() {
        caughtUpSent = true;
        boolean forward = progress.forward();
        // A read that does not follow promised what was there when it began.
        long promised = follow ? head : start.head();
        return ReadFrame.newBuilder()
                .setCaughtUp(CaughtUp.newBuilder()
                        .setHead(promised)
                        .setNext(forward ? progress.next() : 0)
                        .setComplete(forward ? progress.next() > promised : progress.next() < first))
                .build();
    }

    private ReadFrame heartbeatFrame() {
        return ReadFrame.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setHead(head).setNext(progress.next()))
                .build();
    }

    @Override
    public void close() {
        news.close();
    }
}
