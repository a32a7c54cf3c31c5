package io.eckermann.statemachine.topic;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.TailRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes a topic's oldest events. Rows go by ranges, so that it costs the same for few events and for many; bodies are
 * dead from then on. Apply thread, but for {@link #overdue}.
 */
public final class Retention {
    private Retention() {}

    /** Removes what is before a position. */
    public static Result truncate(StoreBatch batch, HotRows hot, Topic topic, long position) {
        long end = topic.tail().getHead() + 1;
        if (position > end) {
            return Result.Refused.of(new StoreException(
                            ErrorCode.POSITION_OUT_OF_RANGE,
                            "A topic can be truncated up to its head: before head + 1 at most.")
                    .with("position", position)
                    .with("head", topic.tail().getHead()));
        }
        long first = Math.max(position, topic.tail().getFirst());
        if (first > topic.tail().getFirst()) {
            hot.put(remove(batch, topic, first));
        }
        return new Result.Truncated(first, topic.tail().getHead());
    }

    /** Removes what was recorded before a time. */
    public static Result truncateBefore(StoreBatch batch, HotRows hot, Topic topic, long timeNs) {
        return truncate(batch, hot, topic, firstAtOrAfter(batch, topic, timeNs));
    }

    /** Removes what the settings do not retain. */
    public static Result retain(StoreBatch batch, HotRows hot, Topic topic, long nowNs) {
        return truncate(batch, hot, topic, firstRetained(batch, topic, nowNs));
    }

    /** Changes settings. */
    public static Result update(StoreBatch batch, HotRows hot, Topic topic, Operation.UpdateTopic changes) {
        TopicSettings.Builder settings = topic.row().getSettings().toBuilder();
        if (changes.description() != null) {
            settings.setDescription(changes.description());
        }
        changes.retain().ageMs().ifPresent(settings::setRetainAgeMs);
        changes.retain().bytes().ifPresent(settings::setRetainBytes);
        changes.retain().events().ifPresent(settings::setRetainEvents);
        Operation.Switches switches = changes.switches();
        if (switches.compactKeys() != null) {
            settings.setCompactKeys(switches.compactKeys());
        }
        if (switches.uniqueIds() != null) {
            settings.setUniqueIds(switches.uniqueIds());
            if (!switches.uniqueIds()) {
                EventIds.forget(batch, topic.id());
            }
        }
        if (switches.validate() != null) {
            settings.setValidate(switches.validate());
        }
        if (switches.timelineSlotMs() != null) {
            settings.clearTimelineSlotMs().addAllTimelineSlotMs(switches.timelineSlotMs());
        }
        if (switches.anonymousRead() != null) {
            settings.setAnonymousRead(switches.anonymousRead());
        }
        Topic changed = new Topic(
                topic.id(), topic.row().toBuilder().setSettings(settings).build(), topic.tail());
        hot.put(TopicTable.saveRow(batch, changed));
        return new Result.Done();
    }

    /** Topics that hold events which their settings do not retain at this time. */
    public static List<Long> overdue(RowReader rows, long nowNs) {
        List<Long> overdue = new ArrayList<>();
        for (Topic topic : TopicTable.list(rows, "")) {
            if (topic.hasBounds()
                    && firstRetained(rows, topic, nowNs) > topic.tail().getFirst()) {
                overdue.add(topic.id());
            }
        }
        return overdue;
    }

    private static long firstRetained(RowReader rows, Topic topic, long nowNs) {
        TopicSettings settings = topic.row().getSettings();
        TailRow tail = topic.tail();
        long first = tail.getFirst();
        if (settings.getRetainEvents() > 0) {
            first = Math.max(first, tail.getHead() + 1 - settings.getRetainEvents());
        }
        long oldestNs = nowNs - settings.getRetainAgeMs() * 1_000_000;
        if (settings.getRetainAgeMs() > 0 && oldestNs > 0) {
            first = Math.max(first, firstAtOrAfter(rows, topic, oldestNs));
        }
        if (settings.getRetainBytes() > 0) {
            first = Math.max(first, firstWithin(rows, topic, settings.getRetainBytes()));
        }
        return first;
    }

    private static long firstAtOrAfter(RowReader rows, Topic topic, long timeNs) {
        return new TimeIndex(rows, topic)
                .positionAt(timeNs, TimeSeek.AT_OR_AFTER)
                .orElse(topic.tail().getHead() + 1);
    }

    /** Where the oldest chunk begins of which on the topic is small enough; the newest chunk's beginning when none is. */
    private static long firstWithin(RowReader rows, Topic topic, long bytes) {
        TailRow tail = topic.tail();
        if (tail.getSizeBytes() <= bytes) {
            return tail.getFirst();
        }
        long enough = topic.appendedBytes() - bytes;
        long low = tail.getFirst();
        long high = tail.getHead();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (ChunkTable.existing(rows, topic.id(), middle).row().getBytesBefore() >= enough) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return ChunkTable.existing(rows, topic.id(), low).first();
    }

    /** @param first above the topic's first position, at most head + 1 */
    private static Topic remove(StoreBatch batch, Topic topic, long first) {
        TailRow tail = topic.tail();
        boolean none = first > tail.getHead();
        IndexedChunk oldest = ChunkTable.existing(batch, topic.id(), tail.getFirst());
        ChunkTable.removeBefore(batch, oldest, first);
        // Of a chunk that stays for its last events all bytes are counted.
        long removedBytes = none
                ? topic.appendedBytes()
                : ChunkTable.existing(batch, topic.id(), first).row().getBytesBefore();
        return TopicTable.saveTail(
                batch,
                topic.with(tail.toBuilder()
                        .setFirst(first)
                        .setRemovedBytes(removedBytes)
                        .setSizeBytes(topic.appendedBytes() - removedBytes)
                        .build()));
    }
}
