package io.eckermann.gateway.read;

import com.google.protobuf.CodedOutputStream;
import io.eckermann.protocol.ChunkReader;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a read has come within its bounds: cuts chunks to what is wanted of them and has that packed into frames.
 * Knows nothing of where chunks come from. Used by one thread at a time.
 */
final class ReadProgress {
    /** An event without any field: a tag and a length. */
    private static final int EVENT_BYTES_MIN = 2;

    /** What is made of chunks at once; a reader may be slow to take it. What is behind this is fetched again. */
    private static final int MADE_EVENTS_MAX = 10_000;

    private final boolean forward;
    private final ReadRequest.Format format;
    private final long frameBytesMax;
    private final FramePacker packer;
    /** The last position wanted, in reading direction. */
    private long last;

    private final long untilNs;
    /** Events before are not wanted; 0 as soon as one behind was seen, as times rise. Reading backward {@code last} says it. */
    private long sinceNs;

    private long eventsLeft;
    private long bytesLeft;
    private boolean bytesSpent;
    private boolean ended;
    private long next;

    /** @param head where a read that does not follow ends at the latest */
    ReadProgress(ReadRequest request, long first, long head, long start, long frameBytesMax) {
        this.forward = request.getDirection() == Direction.FORWARD;
        this.format = request.getFormat();
        this.frameBytesMax = frameBytesMax;
        this.packer = new FramePacker(request, frameBytesMax);
        this.last = forward ? lastForward(request, head) : lastBackward(request, first, head);
        this.untilNs = request.getUntilNs() == 0 ? Long.MAX_VALUE : request.getUntilNs();
        this.sinceNs = forward ? request.getSinceNs() : 0;
        this.eventsLeft = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit();
        this.bytesLeft = request.getMaxBytes() == 0 ? Long.MAX_VALUE : request.getMaxBytes();
        this.next = start;
    }

    private static long lastForward(ReadRequest request, long head) {
        long to = request.getTo() == 0 ? Long.MAX_VALUE : request.getTo();
        return request.getFollow() ? to : Math.min(to, head);
    }

    private static long lastBackward(ReadRequest request, long first, long head) {
        long last = Math.max(first, request.getTo());
        return request.hasLast() ? Math.max(last, head - request.getLast() + 1) : last;
    }

    boolean forward() {
        return forward;
    }

    Direction direction() {
        return forward ? Direction.FORWARD : Direction.BACKWARD;
    }

    /** The position of the next event to read. */
    long next() {
        return next;
    }

    /** Whether the chunk holds the next event. */
    boolean isIn(Chunk chunk) {
        return next >= chunk.getFirstPosition() && next < chunk.getFirstPosition() + chunk.getCount();
    }

    /** Whether a bound is met, so that nothing more is wanted. */
    boolean ended() {
        boolean outOfBytes = bytesSpent && bytesLeft < EVENT_BYTES_MIN;
        return ended || outOfBytes || eventsLeft == 0 || (forward ? next > last : next < last);
    }

    /** Reading backward ends at this position at the latest: what is before was removed. */
    void raiseFloor(long first) {
        if (!forward) {
            last = Math.max(last, first);
        }
    }

    /** What is next was removed, and all before this position: goes on there, or ends when reading backward. */
    void skipTo(long first) {
        if (forward) {
            next = first;
        } else {
            ended = true;
        }
    }

    /** How many bytes of chunks to ask for. */
    long pageBytesMax(long usual) {
        return eventsLeft == 1 ? 1 : Math.min(usual, bytesLeft);
    }

    ReadRequest.Format format() {
        return format;
    }

    /**
     * Frames of what is wanted of these chunks, which continue where the last ones ended. As events they are made of no
     * more than about one frame of them; {@link #next} says where to go on.
     */
    List<ReadFrame> frames(List<Chunk> chunks) {
        List<ChunkSlice> slices = new ArrayList<>(chunks.size());
        boolean made = format != ReadRequest.Format.CHUNKS;
        long unpacked = 0;
        int room = made ? MADE_EVENTS_MAX : Integer.MAX_VALUE;
        Chunk before = Chunk.getDefaultInstance();
        for (Chunk chunk : chunks) {
            if (passes(chunk)) {
                continue;
            }
            unpacked += made && !ChunkReader.shareBody(before, chunk) ? FramePacker.plainSize(chunk) : 0;
            before = chunk;
            if (ended() || room == 0 || (unpacked > frameBytesMax && made && !slices.isEmpty())) {
                break;
            }
            ChunkSlice slice = cut(chunk, room);
            if (slice.getTake() == 0) {
                break;
            }
            slices.add(slice);
            room -= made ? slice.getTake() : 0;
        }
        return packer.ofSlices(slices);
    }

    /** Whether what comes next may be too early to be wanted. */
    boolean awaitsTime() {
        return sinceNs != 0;
    }

    /** Leaves out what is too early of the chunk; returns whether that is all of it. */
    private boolean passes(Chunk chunk) {
        if (sinceNs == 0 || !isIn(chunk)) {
            return false;
        }
        long tooEarly = Math.min(chunk.getCount(), sinceNs - chunk.getFirstRecordedNs());
        next = Math.max(next, chunk.getFirstPosition() + tooEarly);
        boolean all = tooEarly == chunk.getCount();
        sinceNs = all ? sinceNs : 0;
        return all;
    }

    /** Whether all of these chunks are wanted, so that every such reader gets the same frames. */
    boolean wantsWhole(List<Chunk> chunks) {
        Chunk end = chunks.get(chunks.size() - 1);
        // Not more than there may be of one chunk alone.
        boolean fits = format == ReadRequest.Format.CHUNKS
                || (chunks.stream().mapToLong(Chunk::getCount).sum() <= MADE_EVENTS_MAX
                        && chunks.stream().mapToLong(FramePacker::plainSize).sum() <= Limits.APPEND_BYTES_MAX);
        return forward
                && fits
                && next == chunks.get(0).getFirstPosition()
                && end.getFirstPosition() + end.getCount() - 1 <= last
                && sinceNs == 0
                && untilNs == Long.MAX_VALUE
                && eventsLeft == Long.MAX_VALUE
                && bytesLeft == Long.MAX_VALUE;
    }

    /** Goes on behind chunks of which all is wanted, whose frames somebody else has made. */
    void pass(List<Chunk> chunks) {
        Chunk end = chunks.get(chunks.size() - 1);
        next = end.getFirstPosition() + end.getCount();
    }

    /** Frames of whole chunks, as {@link #frames} makes them; this stays where it is. */
    List<ReadFrame> whole(List<Chunk> chunks) {
        List<ChunkSlice> slices = new ArrayList<>(chunks.size());
        for (Chunk chunk : chunks) {
            slices.add(ChunkSlice.newBuilder()
                    .setChunk(chunk)
                    .setTake(chunk.getCount())
                    .build());
        }
        return packer.ofSlices(slices);
    }

    /** The last position to look at, as long as the topic's head is there. */
    long bound(long head) {
        return forward ? Math.min(last, head) : last;
    }

    /**
     * Frames of what is wanted of single events, which come in reading order.
     *
     * @param through up to there no other events are to be had
     */
    List<ReadFrame> frames(List<RecordedEvent> matches, long through) {
        List<RecordedEvent> wanted = new ArrayList<>(matches.size());
        for (RecordedEvent match : matches) {
            if (match.getRecordedNs() < sinceNs) {
                continue;
            }
            next = match.getPosition();
            if (ended() || !isWithinBounds(match)) {
                break;
            }
            wanted.add(match);
            eventsLeft -= eventsLeft == Long.MAX_VALUE ? 0 : 1;
            next += forward ? 1 : -1;
        }
        if (!ended()) {
            next = forward ? through + 1 : through - 1;
        }
        return packer.ofEvents(wanted);
    }

    private boolean isWithinBounds(RecordedEvent match) {
        int bytes = CodedOutputStream.computeMessageSize(Events.EVENTS_FIELD_NUMBER, match.getEvent());
        ended |= match.getRecordedNs() >= untilNs || (bytesSpent && bytes > bytesLeft);
        if (!ended && bytesLeft != Long.MAX_VALUE) {
            bytesLeft = Math.max(0, bytesLeft - bytes);
            bytesSpent = true;
        }
        return !ended;
    }

    /** @param room how many events to take at most for now */
    private ChunkSlice cut(Chunk chunk, int room) {
        if (!isIn(chunk)) {
            throw new StoreException(ErrorCode.DATA_CORRUPT, "Stored chunks do not follow one another.")
                    .with("position", next)
                    .with("chunk_first", chunk.getFirstPosition())
                    .with("chunk_count", chunk.getCount());
        }
        long lowest = forward ? next : Math.max(last, chunk.getFirstPosition());
        long highest = forward ? Math.min(last, chunk.getFirstPosition() + chunk.getCount() - 1) : next;
        boolean untilMet = false;
        if (forward && untilNs != Long.MAX_VALUE) {
            // The k-th event of a chunk is recorded k nanoseconds after the first.
            long before = untilNs - chunk.getFirstRecordedNs();
            if (before <= highest - chunk.getFirstPosition()) {
                highest = chunk.getFirstPosition() + before - 1;
                untilMet = true;
            }
        }
        int skip = (int) (lowest - chunk.getFirstPosition());
        int wanted = (int) Math.max(0, Math.min(highest - lowest + 1, eventsLeft));
        int take = Math.min(wanted, room);
        ended |= untilMet && take == wanted;
        int affordable = affordable(chunk, skip, take, highest);
        if (affordable < take) {
            ended = true;
            take = affordable;
        }
        if (!forward) {
            skip = (int) (highest - take + 1 - chunk.getFirstPosition());
        }
        next = forward ? next + take : next - take;
        eventsLeft -= eventsLeft == Long.MAX_VALUE ? 0 : take;
        return ChunkSlice.newBuilder()
                .setChunk(chunk)
                .setSkip(skip)
                .setTake(take)
                .build();
    }

    /** How many of these events the byte limit allows, at least one in all; takes their bytes off it. */
    private int affordable(Chunk chunk, int skip, int take, long highest) {
        if (bytesLeft == Long.MAX_VALUE || take == 0) {
            return take;
        }
        boolean plain = chunk.getEncoding() == Encoding.PLAIN;
        if (plain && take == chunk.getCount() && chunk.getBody().size() <= bytesLeft) {
            bytesLeft -= chunk.getBody().size();
            bytesSpent = true;
            return take;
        }
        List<Event> events = EventsCodec.events(chunk);
        int at = forward ? skip : (int) (highest - chunk.getFirstPosition());
        int affordable = 0;
        while (affordable < take) {
            int bytes = CodedOutputStream.computeMessageSize(Events.EVENTS_FIELD_NUMBER, events.get(at));
            if (bytes > bytesLeft && bytesSpent) {
                break;
            }
            bytesLeft = Math.max(0, bytesLeft - bytes);
            bytesSpent = true;
            affordable++;
            at += forward ? 1 : -1;
        }
        return affordable;
    }
}
