package io.eckermann.statemachine.topic;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.AppendRun.Part;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.store.v1.KeptResultRow;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Decides whether an append is accepted. Pure. */
final class AppendRules {
    private AppendRules() {}

    /**
     * Judges an append by its producer's sequence.
     *
     * @param lastSequence the producer's last accepted one, 0 for a producer that is not known
     * @param kept the kept result of a sequence, or null
     * @param head the topic's head now
     * @return null when the append is accepted, otherwise its result
     */
    static @Nullable Result judge(
            Part part, ProducerSequence by, long lastSequence, LongFunction<@Nullable KeptResultRow> kept, long head) {
        if (by.sequence() < 1) {
            return refused(ErrorCode.BAD_REQUEST, "A producer's sequence begins with 1.", by);
        }
        if (by.sequence() == lastSequence + 1) {
            return null;
        }
        if (by.sequence() > lastSequence) {
            return Result.Refused.of(exception(
                            ErrorCode.SEQUENCE_GAP,
                            "The producer's sequence skips some: send the expected one first.",
                            by)
                    .with("expected", lastSequence + 1));
        }
        KeptResultRow first = kept.apply(by.sequence());
        if (first == null) {
            return refused(
                    ErrorCode.SEQUENCE_TOO_OLD,
                    "The sequence was accepted long ago and its result is no longer kept: do not send it again.",
                    by);
        }
        if (first.getCount() != part.count() || first.getCrc32C() != part.crc32c()) {
            return refused(
                    ErrorCode.SEQUENCE_REUSED,
                    "The sequence was accepted with other events: number each append anew.",
                    by);
        }
        return first.hasRefusal()
                ? KeptRefusals.result(first.getRefusal())
                : new Result.Appended(first.getFirst(), first.getCount(), head, first.getRecordedNs(), true);
    }

    private static Result refused(ErrorCode code, String message, ProducerSequence by) {
        return Result.Refused.of(exception(code, message, by));
    }

    private static StoreException exception(ErrorCode code, String message, ProducerSequence by) {
        return new StoreException(code, message).with("producer", by.producer()).with("sequence", by.sequence());
    }
}
