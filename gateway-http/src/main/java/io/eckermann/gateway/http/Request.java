package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A request that has arrived whole.
 *
 * @param target path and query as they were sent
 * @param segments of the path, decoded
 * @param variables what the route's pattern left open, in the order of the path
 */
record Request(
        String method,
        String target,
        List<String> segments,
        List<String> variables,
        Query query,
        HttpHeaders headers,
        ByteString body,
        Caller caller) {

    Request withVariables(List<String> found) {
        return new Request(method, target, segments, found, query, headers, body, caller);
    }

    boolean isRead() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** The header's value, empty when it is not there; it may be there once. */
    Optional<String> header(String name) {
        List<String> values = headers.getAll(name);
        if (values.size() > 1) {
            throw HttpErrors.bad(name, "is given more than once");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(Percent.header(name, values.get(0)));
    }

    /** The media type of the body in lower case, without its parameters; empty when it is not given. */
    String mediaType() {
        String type = header("Content-Type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
