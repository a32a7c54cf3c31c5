package io.eckermann.statemachine.topic;

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

    Topic with(TailRow newTail) {
        return new Topic(id, row, newTail);
    }
}
