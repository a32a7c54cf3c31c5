package io.eckermann.gateway.cel;

import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelVariableResolver;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.RecordedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One event as an expression sees it; what the expression does not mention is not made. Used for one evaluation. */
final class EventVariables implements CelVariableResolver {
    /** For all of one event. It is looked at where the expression asks for a variable, which loops do again and again. */
    private static final long PATIENCE_NS = Duration.ofMillis(250).toNanos();

    private final RecordedEvent recorded;
    private final long begunNanos = System.nanoTime();
    private @Nullable Object data;

    EventVariables(RecordedEvent recorded) {
        this.recorded = recorded;
    }

    @Override
    public Optional<Object> find(String name) {
        if (System.nanoTime() - begunNanos > PATIENCE_NS) {
            return Optional.empty();
        }
        Event event = recorded.getEvent();
        return switch (name) {
            case "type" -> Optional.of(event.getType());
            case "key" -> Optional.of(event.getKey());
            case "id" -> Optional.of(event.getId());
            case "tags" -> Optional.of(event.getTagsList());
            case "headers" -> Optional.of(event.getHeadersMap());
            case "position" -> Optional.of(recorded.getPosition());
            case "recorded_time" -> Optional.of(instant(recorded.getRecordedNs()));
            case "time" -> Optional.of(event.hasTimeNs() ? instant(event.getTimeNs()) : NullValue.NULL_VALUE);
            case "size" -> Optional.of((long) event.getPayload().size());
            case "deleted" -> Optional.of(event.getDeleted());
            case "data" -> Optional.of(data());
            default -> Optional.empty();
        };
    }

    private static Instant instant(long ns) {
        return Instant.ofEpochSecond(Math.floorDiv(ns, 1_000_000_000L), Math.floorMod(ns, 1_000_000_000L));
    }

    private Object data() {
        Object known = data;
        if (known == null) {
            known = JsonValue.of(recorded.getEvent().getPayload());
            data = known;
        }
        return known;
    }
}
