package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.netty.handler.codec.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Turns what arrived into a {@link Request}, sends it to its route, and every failure into an answer. */
final class Dispatcher {
    static final String REDIRECT = "Eckermann-Redirect";

    private final Router router;
    private final ClusterHandler cluster;
    private final CrossOrigin origins;

    Dispatcher(Router router, ClusterHandler cluster, CrossOrigin origins) {
        this.router = router;
        this.cluster = cluster;
        this.origins = origins;
    }

    /** Never fails and never throws. */
    CompletableFuture<Answer> dispatch(HttpRequest head, ByteString body, Caller caller) {
        CompletableFuture<Answer> answer;
        try {
            answer = dispatch(request(head, body, caller));
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            // Bugs of one request: the others go on, and this one is told instead of left waiting.
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.exceptionally(HttpErrors::answer).thenApply(whole -> origins.allow(head, whole));
    }

    private CompletableFuture<Answer> dispatch(Request request) {
        if (!request.isRead() && wantsRedirect(request)) {
            Optional<String> leader = cluster.leaderHttpAddress();
            if (leader.isPresent()) {
                return CompletableFuture.completedFuture(
                        Answer.empty(307).with("Location", "http://" + leader.get() + request.target()));
            }
        }
        return router.route(request);
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
