package io.eckermann.statemachine.query;

import io.eckermann.statemachine.EventTime;
import io.eckermann.statemachine.EventTimes;
import io.eckermann.statemachine.command.EventTimeText;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.RowReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic's events in the order of their business times. A time is a term like a tag, and times of the same length
 * sort as they are, so the terms of this kind are that order; rows of events that were truncated are passed by. Used
 * once.
 */
public final class EventTimeIndex {
    /** After so many rows a look ends, whatever it found. */
    private static final int ROWS_MAX = 20_000;

    private final RowReader rows;
    private final long topicId;
    private final long lowest;
    private final EventTime from;
    private final EventTime to;
    private final int max;
    private final boolean forward;
    private final List<EventTime> found = new ArrayList<>();
    private int rowsSeen;
    private @Nullable EventTime next;

    /**
     * @param lowest the topic's first position that is kept
     * @param from the first place to look at, in reading direction
     * @param to the last
     * @param max how many to find at most
     */
    public EventTimeIndex(RowReader rows, long topicId, long lowest, EventTime from, EventTime to, int max) {
        this.rows = rows;
        this.topicId = topicId;
        this.lowest = lowest;
        this.from = from;
        this.to = to;
        this.max = max;
        this.forward = from.compareTo(to) <= 0;
    }

    public EventTimes read() {
        if (forward) {
            rows.ascend(Family.TERMS, key(from), key(EventTime.behind(to.timeNs())), this::take);
        } else {
            // The row that ends at or behind the place may hold what lies before it.
            rows.ascend(Family.TERMS, key(from), key(EventTime.behind(from.timeNs())), (key, value) -> {
                take(key, value);
                return false;
            });
            if (next == null) {
                EventTime before = new EventTime(from.timeNs(), Math.max(0, from.position() - 1));
                rows.descend(Family.TERMS, key(before), key(to), this::take);
            }
        }
        return new EventTimes(List.copyOf(found), next);
    }

    /** Takes what is wanted of a row; returns whether to go on. */
    private boolean take(byte[] key, byte[] value) {
        long timeNs = EventTimeText.timeNs(key, PostingTable.TEXT_AT);
        PostingBlock block =
                PostingBlock.of(ByteBuffer.wrap(key).getLong(PostingTable.TEXT_AT + EventTimeText.BYTES), value);
        long low = Math.max(lowest, lowestAt(timeNs));
        long high = highestAt(timeNs);
        if (forward) {
            takeRising(timeNs, block, low, high);
        } else {
            takeFalling(timeNs, block, low, high);
        }
        rowsSeen++;
        if (next == null && rowsSeen == ROWS_MAX) {
            next = new EventTime(timeNs, forward ? block.last() + 1 : block.first() - 1);
        }
        return next == null;
    }

    private void takeRising(long timeNs, PostingBlock block, long low, long high) {
        long at = low;
        while (next == null && at <= block.last()) {
            long position = block.atOrAfter(at);
            if (position > high) {
                return;
            }
            add(new EventTime(timeNs, position));
            at = position + 1;
        }
    }

    private void takeFalling(long timeNs, PostingBlock block, long low, long high) {
        long at = high;
        while (next == null && at >= block.first()) {
            long position = block.atOrBefore(Math.min(at, block.last()));
            if (position < low) {
                return;
            }
            add(new EventTime(timeNs, position));
            at = position - 1;
        }
    }

    private void add(EventTime event) {
        if (found.size() == max) {
            next = event;
        } else {
            found.add(event);
        }
    }

    private long lowestAt(long timeNs) {
        EventTime least = forward ? from : to;
        return timeNs == least.timeNs() ? least.position() : 0;
    }

    private long highestAt(long timeNs) {
        EventTime most = forward ? to : from;
        return timeNs == most.timeNs() ? most.position() : Long.MAX_VALUE;
    }

    private byte[] key(EventTime place) {
        byte[] prefix = PostingTable.prefix(topicId, Kind.EVENT_TIME, EventTimeText.of(place.timeNs()));
        return PostingTable.key(prefix, place.position());
    }
}
