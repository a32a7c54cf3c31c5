package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.access.Principal;
import io.eckermann.gateway.calls.AnsweredCalls;
import io.eckermann.gateway.calls.RequestId;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what arrived into a {@link Request}, sends it to its route, and every failure into an answer. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    static final String REDIRECT = "Eckermann-Redirect";

    private final Router router;
    private final ClusterHandler cluster;
    private final CrossOrigin origins;
    private final AnsweredCalls meter;
    /** Null: everybody may do everything. */
    private final @Nullable HttpGuard guard;

    /** What other nodes' doors are reached by: they are as this one. */
    private final String scheme;

    /** @param guard null: everybody may do everything */
    Dispatcher(
            Router router,
            ClusterHandler cluster,
            CrossOrigin origins,
            AnsweredCalls meter,
            @Nullable HttpGuard guard,
            boolean encrypted) {
        this.router = router;
        this.cluster = cluster;
        this.origins = origins;
        this.meter = meter;
        this.guard = guard;
        this.scheme = encrypted ? "https://" : "http://";
    }

    /** Never fails and never throws. */
    CompletableFuture<Answer> dispatch(HttpRequest head, ByteString body, Caller caller) {
        long startedNanos = System.nanoTime();
        return caller.call().asked(() -> dispatch(head, body, caller, startedNanos));
    }

    private CompletableFuture<Answer> dispatch(HttpRequest head, ByteString body, Caller caller, long startedNanos) {
        String label = "";
        CompletableFuture<Answer> answer;
        try {
            Router.Found found = router.find(request(head, body, caller));
            label = found.label();
            answer = guard == null ? dispatch(found) : guard.let(found, this::dispatch);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            // Bugs of one request: the others go on, and this one is told instead of left waiting.
            answer = CompletableFuture.failedFuture(e);
        }
        String route = label;
        return answer.<Answer>handle((well, failure) -> caller.call().asked(() -> {
            Answer given = failure == null ? well : HttpErrors.answer(failure);
            meter.answered(caller.call(), "http", route, Integer.toString(given.status()), startedNanos);
            if (LOG.isDebugEnabled()) {
                long millis = (System.nanoTime() - startedNanos) / 1_000_000;
                LOG.debug("{} {} was answered {} after {} ms", head.method(), head.uri(), given.status(), millis);
            }
            return origins.allow(
                    head, given.withAll(Map.of(RequestId.HEADER, caller.call().requestId())));
        }));
    }

    private CompletableFuture<Answer> dispatch(Router.Found found) {
        Request request = found.request();
        if (request.isRead() || !wantsRedirect(request)) {
            return Router.answer(found);
        }
        Principal caller = Principal.current();
        return cluster.leaderHttpAddress(found.topic())
                .thenCompose(leader -> leader.isEmpty()
                        ? caller.during(() -> Router.answer(found))
                        : CompletableFuture.completedFuture(
                                Answer.empty(307).with("Location", scheme + leader.get() + request.target())));
    }

    private static boolean wantsRedirect(Request request) {
        String value = request.header(REDIRECT).orElse("0");
        if (!value.equals("0") && !value.equals("1")) {
            throw HttpErrors.bad(REDIRECT, "must be 0 or 1");
        }
        return value.equals("1");
    }

    private static Request request(HttpRequest head, ByteString body, Caller caller) {
        String target = originForm(head.uri());
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(path.isEmpty() ? 0 : 1).split("/", -1)) {
            segments.add(Percent.decode("path", segment, false));
        }
        return new Request(
                head.method().name(),
                target,
                segments,
                List.of(),
                Query.parse(question < 0 ? "" : target.substring(question + 1)),
                head.headers(),
                body,
                caller);
    }

    /** Without the scheme and authority that a proxy's client puts before the path. */
    private static String originForm(String uri) {
        int authority = uri.indexOf("://");
        if (uri.startsWith("/") || authority < 0) {
            return uri;
        }
        int slash = uri.indexOf('/', authority + 3);
        return slash < 0 ? "/" : uri.substring(slash);
    }
}
