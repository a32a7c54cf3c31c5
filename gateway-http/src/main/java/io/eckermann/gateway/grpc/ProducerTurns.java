package io.eckermann.gateway.grpc;

import io.eckermann.gateway.Failures;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResponse;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The last append of each producer on one stream. When it was refused before it was proposed, as this node had too much
 * to do or no leader took it in time, those that the producer had already sent behind it can only be refused too: they
 * are not proposed, which would cost every node of the cluster, until that one comes again. Used under its call's lock.
 */
final class ProducerTurns {
    /** A stream has one producer, or a few. What is forgotten is proposed, and refused when it is applied. */
    private static final int PRODUCERS_MAX = 64;

    /** Longer names are refused elsewhere and not remembered here. */
    private static final int NAMES_CHARS_MAX = Limits.NAME_CHARS_MAX + Limits.PRODUCER_ID_CHARS_MAX;

    private static final Set<ErrorCode> BEFORE_PROPOSED = EnumSet.of(ErrorCode.OVERLOADED, ErrorCode.NO_LEADER);

    private record Key(String topic, String producer) {}

    private record Turn(long sequence, CompletableFuture<AppendResponse> response) {}

    private final Map<Key, Turn> last = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Turn> eldest) {
            return size() > PRODUCERS_MAX;
        }
    };

    /** What the append is refused with because of the one before it; null when it may be submitted. */
    @Nullable
    StoreException refusal(AppendRequest request) {
        Turn before = request.hasProducer() ? last.get(key(request)) : null;
        if (before == null
                || request.getProducer().getSequence() <= before.sequence()
                || !before.response().isCompletedExceptionally()) {
            return null;
        }
        StoreException failure = failure(before.response());
        return !BEFORE_PROPOSED.contains(failure.code())
                ? null
                : new StoreException(
                                failure.code(),
                                "An earlier append of this producer was refused: send that one again, then this one.")
                        .with("refused_sequence", before.sequence());
    }

    /** The append was submitted. */
    void submitted(AppendRequest request, CompletableFuture<AppendResponse> response) {
        if (!request.hasProducer()) {
            return;
        }
        Key key = key(request);
        if (key.topic().length() + key.producer().length() <= NAMES_CHARS_MAX) {
            last.put(key, new Turn(request.getProducer().getSequence(), response));
        }
    }

    private static Key key(AppendRequest request) {
        return new Key(request.getTopic(), request.getProducer().getId());
    }

    private static StoreException failure(CompletableFuture<?> failed) {
        return failed.handle((done, failure) -> Failures.storeException(failure))
                .join();
    }
}
