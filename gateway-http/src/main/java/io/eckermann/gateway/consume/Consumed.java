package io.eckermann.gateway.consume;

import io.eckermann.protocol.v1.CaughtUp;
import io.eckermann.protocol.v1.Heartbeat;
import io.eckermann.protocol.v1.RecordedEvent;

/** What comes next of a {@link Consumption}. */
public sealed interface Consumed {
    /** An event, to be committed before the next one. */
    record Next(RecordedEvent event) implements Consumed {}

    /** Every event up to the head was handed out. */
    record AllRead(CaughtUp caughtUp) implements Consumed {}

    /** Nothing came for a while. */
    record Quiet(Heartbeat heartbeat) implements Consumed {}

    /** There is no more; of one that is live, because it was closed. */
    record End() implements Consumed {}
}
