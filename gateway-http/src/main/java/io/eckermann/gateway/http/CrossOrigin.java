package io.eckermann.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pages of other origins browsers let use the door (the Fetch standard, CORS). It keeps nobody else out: it is the
 * browser that asks, and obeys. Cookies and the like are never allowed. Immutable.
 */
final class CrossOrigin {
    private static final String ANY = "*";
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
    /** The star does not stand for this one. */
    private static final String HEADERS = "Authorization, *";

    private static final String PREFLIGHT_SECONDS = "600";

    private final List<String> allowed;

    /** @param allowed origins as browsers write them; a star stands for all */
    CrossOrigin(List<String> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** The answer with what a browser needs to hand it to the page, or as it is. */
    Answer allow(HttpRequest request, Answer answer) {
        String origin = request.headers().get(HttpHeaderNames.ORIGIN, "");
        if (origin.isEmpty() || allowed.isEmpty()) {
            return answer;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        boolean any = allowed.contains(ANY);
        if (!any) {
            headers.put("Vary", "Origin");
        }
        if (any || allowed.contains(origin)) {
            headers.put("Access-Control-Allow-Origin", any ? ANY : origin);
            headers.put("Access-Control-Expose-Headers", ANY);
            if (request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)) {
                headers.put("Access-Control-Allow-Methods", METHODS);
                headers.put("Access-Control-Allow-Headers", HEADERS);
                headers.put("Access-Control-Max-Age", PREFLIGHT_SECONDS);
            }
        }
        return answer.withAll(headers);
    }
}
