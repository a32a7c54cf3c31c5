package io.eckermann.statemachine.topic;

import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.store.v1.TailRow;
import io.eckermann.statemachine.store.v1.TopicRow;

/** A topic's rows at one moment. */
public record Topic(long id, TopicRow row, TailRow tail) {
    public TopicState state() {
        return new TopicState(
                id,
                row.getName(),
                row.getSettings(),
                tail.getHead(),
                tail.getFirst(),
                tail.getLastRecordedNs(),
                tail.getSizeBytes(),
                row.getCreatedNs());
    }

    /** Bytes of all chunks that it ever had. */
    long appendedBytes() {
        return tail.getSizeBytes() + tail.getRemovedBytes();
    }

    /** Whether its settings bound what it retains. */
    boolean hasBounds() {
        TopicSettings settings = row.getSettings();
        return settings.getRetainAgeMs() > 0 || settings.getRetainBytes() > 0 || settings.getRetainEvents() > 0;
    }

    Topic with(TailRow newTail) {
        return new Topic(id, row, newTail);
    }
}
