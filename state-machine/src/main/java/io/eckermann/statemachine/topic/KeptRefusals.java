package io.eckermann.statemachine.topic;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.store.v1.KeptFact;
import io.eckermann.statemachine.store.v1.KeptRefusal;
import java.util.SortedMap;
import java.util.TreeMap;

/** Refusals that took a producer's sequence, as rows keep them. */
final class KeptRefusals {
    /** The fact by which who sent the append knows that the refusal took its sequence. */
    private static final String TAKEN_FACT = "sequence_taken";

    private KeptRefusals() {}

    /** The refusal, and that it took the sequence. */
    static Result.Refused taking(Result.Refused refusal, ProducerSequence by) {
        SortedMap<String, String> facts = new TreeMap<>(refusal.facts());
        facts.put(TAKEN_FACT, String.valueOf(by.sequence()));
        return new Result.Refused(refusal.code(), refusal.message(), facts);
    }

    static KeptRefusal row(Result.Refused refusal) {
        KeptRefusal.Builder row =
                KeptRefusal.newBuilder().setCode(refusal.code().name()).setMessage(refusal.message());
        refusal.facts()
                .forEach((name, value) ->
                        row.addFacts(KeptFact.newBuilder().setName(name).setValue(value)));
        return row.build();
    }

    static Result.Refused result(KeptRefusal row) {
        SortedMap<String, String> facts = new TreeMap<>();
        row.getFactsList().forEach(fact -> facts.put(fact.getName(), fact.getValue()));
        return new Result.Refused(ErrorCode.valueOf(row.getCode()), row.getMessage(), facts);
    }
}
