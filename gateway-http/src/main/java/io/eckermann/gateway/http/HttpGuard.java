package io.eckermann.gateway.http;

import io.eckermann.gateway.access.Credentials;
import io.eckermann.gateway.access.Demand;
import io.eckermann.gateway.access.Guard;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.read.Untaken;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ReadFrame;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lets requests to their routes, by who makes them and what they say. Streams end when their reader loses the right. */
final class HttpGuard {
    private static final String AUTHORIZATION = "Authorization";

    private final Guard guard;
    private final HttpDemands demands;

    HttpGuard(Guard guard, HttpDemands demands) {
        this.guard = guard;
        this.demands = demands;
    }

    /**
     * Has the request answered, or throws.
     *
     * @param on what answers it once it is let in
     */
    CompletableFuture<Answer> let(Router.Found found, Function<Router.Found, CompletableFuture<Answer>> on) {
        Request request = found.request();
        if (HttpDemands.isNoRoute(found.label())) {
            // What is said of methods is the same for everybody, and browsers ask without credentials.
            return on.apply(found);
        }
        HttpDemands.OfRequest demand = demands.of(found.label());
        if (demand == null) {
            throw new StoreException(ErrorCode.FORBIDDEN, "Nobody may call this.");
        }
        if (demand == HttpDemands.OPEN) {
            return on.apply(found);
        }
        Credentials credentials = new Credentials(
                request.headers().getAll(AUTHORIZATION),
                request.caller().certificate(),
                request.caller().address(),
                request.caller().connection());
        Guard.Visit visit = guard.enter(credentials, found.label(), !request.isRead());
        try {
            if (!request.isRead()) {
                // Before its body is looked at: whoever is not known may read at most.
                visit.check(Demand.KNOWN);
            }
            visit.check(demand.of(request));
            return visit.principal()
                    .during(() -> on.apply(found))
                    .whenComplete((done, failure) -> visit.end(outcome(done, failure)))
                    .handle((done, failure) -> left(done, failure, visit));
        } catch (RuntimeException e) {
            visit.end(HttpErrors.storeException(e).code().name());
            visit.leave();
            throw e;
        }
    }

    private static String outcome(@Nullable Answer answer, @Nullable Throwable failure) {
        if (failure != null) {
            return HttpErrors.storeException(failure).code().name();
        }
        return answer == null || answer.status() < 400 ? "OK" : Integer.toString(answer.status());
    }

    /** A stream is left when it is closed, anything else now. */
    private static Answer left(@Nullable Answer answer, @Nullable Throwable failure, Guard.Visit visit) {
        if (answer instanceof Answer.Flow flow) {
            return new Answer.Flow(flow.headers(), new Watched(flow.stream(), visit), flow.format(), flow.backward());
        }
        visit.leave();
        if (answer == null) {
            throw new CompletionException(failure);
        }
        return answer;
    }

    /** A stream whose frames go only to whom may still have them; there are some without news, too. */
    private record Watched(ReadStream stream, Guard.Visit visit) implements ReadStream {
        @Override
        public CompletableFuture<Optional<ReadFrame>> next() {
            return stream.next().thenApply(frame -> {
                if (!visit.holds()) {
                    close();
                    throw Guard.lost();
                }
                return frame;
            });
        }

        @Override
        public Untaken untaken() {
            return stream.untaken();
        }

        @Override
        public void close() {
            visit.leave();
            stream.close();
        }
    }
}
