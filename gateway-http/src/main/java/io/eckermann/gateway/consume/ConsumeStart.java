package io.eckermann.gateway.consume;

import io.eckermann.protocol.v1.TimeStart;
import java.util.OptionalLong;

/**
 * What an instance of a consumer wants, and from where on.
 *
 * @param from the first event's position; empty: behind the consumer's cursor
 * @param recordedNs in place of a position, the first event recorded then or later; empty: none is asked for
 * @param live whether it waits for what comes; otherwise it ends once there is nothing more
 * @param heartbeatMillis how often it hears that nothing came; 0: the usual
 */
public record ConsumeStart(
        String topic, String consumer, OptionalLong from, OptionalLong recordedNs, boolean live, int heartbeatMillis) {

    TimeStart time() {
        return TimeStart.newBuilder()
                .setRecordedNs(recordedNs.orElseThrow())
                .setSeek(TimeStart.Seek.AT_OR_AFTER)
                .build();
    }
}
