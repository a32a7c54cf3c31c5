package io.eckermann.gateway.http;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.http.json.ProblemJson;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Errors as answers: RFC 9457 problems. */
final class HttpErrors {
    private static final Logger LOG = LoggerFactory.getLogger(HttpErrors.class);

    private HttpErrors() {}

    static Answer.Whole answer(Throwable failure) {
        return answer(storeException(failure));
    }

    static Answer.Whole answer(StoreException error) {
        return answer(error, error.code().httpStatus());
    }

    /** With a status that says more than the code's own, e.g. 431. */
    static Answer.Whole answer(StoreException error, int status) {
        Answer.Whole answer = Answer.of(status, Answer.PROBLEM, ProblemJson.bytes(error, status));
        if (status == 401) {
            return answer.with("WWW-Authenticate", "Bearer realm=\"eckermann\"");
        }
        if (status != 429 && status != 503) {
            return answer;
        }
        return answer.with("Retry-After", Long.toString(Math.max(1, (Failures.retryAfterMs(error) + 999) / 1_000)));
    }

    /** What use cases fail with, taken out of its wrappings; anything else is a bug and is logged. */
    static StoreException storeException(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof StoreException error) {
            if (error.code() == ErrorCode.INTERNAL || error.code() == ErrorCode.DATA_CORRUPT) {
                LOG.error("A request failed: {}", error, error);
            }
            return error;
        }
        LOG.error("A request failed by a bug", cause);
        return new StoreException(ErrorCode.INTERNAL, "The node failed to answer; its log says why.", cause);
    }

    static StoreException bad(String field, String rule) {
        return new StoreException(ErrorCode.BAD_REQUEST, "'" + field + "' " + rule + ".").with("field", field);
    }
}
