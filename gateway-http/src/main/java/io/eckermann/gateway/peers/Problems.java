package io.eckermann.gateway.peers;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Problem;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Failures as they travel between nodes. */
final class Problems {
    private Problems() {}

    /** The failure a future reports, without its wrappings; what is no StoreException becomes INTERNAL. */
    static StoreException unwrap(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof StoreException known
                ? known
                : new StoreException(ErrorCode.INTERNAL, "The node failed inside: " + cause, cause);
    }

    static Problem encode(StoreException failure) {
        return Problem.newBuilder()
                .setCode(failure.code().name())
                .setMessage(failure.getMessage())
                .putAllFacts(failure.facts())
                .build();
    }

    static StoreException decode(Problem problem) {
        StoreException failure = new StoreException(code(problem.getCode()), problem.getMessage());
        problem.getFactsMap().forEach(failure::with);
        return failure;
    }

    private static ErrorCode code(String name) {
        try {
            return ErrorCode.valueOf(name);
        } catch (IllegalArgumentException e) {
            return ErrorCode.INTERNAL; // from a newer version
        }
    }
}
