package io.eckermann.gateway.http;

import io.eckermann.gateway.tls.NodeTls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the door listens and how patient it is.
 *
 * @param port 0: any free one
 * @param idle how long a connection may wait for its next request's head
 * @param receive how long a request's body may take to arrive
 * @param stall how long a client may take nothing of what it is being sent
 * @param request how long a use case may take
 * @param stop how long requests under way may take when the door closes
 * @param connectionsMax more are closed at once
 * @param dcbTopic the topic of {@link DcbRoute}; empty: there is none
 * @param allowedOrigins of pages that browsers let use the door; a star stands for all
 * @param tls null: plain text
 */
public record HttpDoorConfig(
        String host,
        int port,
        Duration idle,
        Duration receive,
        Duration stall,
        Duration request,
        Duration stop,
        int connectionsMax,
        String dcbTopic,
        List<String> allowedOrigins,
        @Nullable NodeTls tls) {
    /** Without the routes of the public suite, for no page of another origin, in plain text. */
    public HttpDoorConfig(
            String host,
            int port,
            Duration idle,
            Duration receive,
            Duration stall,
            Duration request,
            Duration stop,
            int connectionsMax) {
        this(host, port, idle, receive, stall, request, stop, connectionsMax, "", List.of(), null);
    }

    /** With the usual patience. */
    public static HttpDoorConfig at(String host, int port) {
        return new HttpDoorConfig(
                host,
                port,
                Duration.ofSeconds(75),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                4_096);
    }
}
