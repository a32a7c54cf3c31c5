package io.eckermann.gateway.webhooks;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.Failures;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Requests to receivers, on a few threads of their own. Safe from any thread; never blocks the caller. */
public final class WebhookCalls implements AutoCloseable {
    private static final int THREADS = 4;
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(5);
    private static final String ALLOWED_ORIGIN = "WebHook-Allowed-Origin";
    private static final String ALLOWED_RATE = "WebHook-Allowed-Rate";

    private final Targets targets;
    private final String origin;
    private final ThreadPoolExecutor threads;
    private final HttpClient client;

    /** @param origin who sends: what receivers are asked about */
    public WebhookCalls(Targets targets, String origin) {
        this.targets = targets;
        this.origin = origin;
        AtomicInteger last = new AtomicInteger();
        threads = new ThreadPoolExecutor(THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "webhooks-" + last.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_MAX)
                .executor(threads)
                .build();
    }

    /** Where steps between requests may run. */
    Executor threads() {
        return threads;
    }

    /**
     * Asks a receiver whether it wants events (CloudEvents, HTTP 1.1 Web Hooks for Event Delivery, section 4).
     *
     * @return how many requests in a minute it allows, 0 for any; fails with WEBHOOK_REFUSED when it does not say yes
     */
    CompletableFuture<Integer> handshake(String url) {
        return Failures.guarded(() -> {
            URI uri = targets.allowed(url);
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("WebHook-Request-Origin", origin)
                    .header("WebHook-Request-Rate", "*")
                    .timeout(HANDSHAKE_MAX)
                    .build();
            return sent(uri, request, HANDSHAKE_MAX).handle((answer, failure) -> {
                if (failure == null) {
                    return rate(uri, answer);
                }
                StoreException known = known(failure);
                throw known != null ? known : refused(uri, "The address does not answer: " + text(failure));
            });
        });
    }

    private int rate(URI uri, HttpResponse<Void> answer) {
        List<String> origins = answer.headers().allValues(ALLOWED_ORIGIN);
        boolean isAllowed = origins.stream().anyMatch(each -> each.equals("*") || each.equalsIgnoreCase(origin));
        if (answer.statusCode() < 200 || answer.statusCode() > 299 || !isAllowed) {
            throw refused(
                            uri,
                            "Asked by OPTIONS, the address does not say that it wants events: it has to answer 200 with"
                                    + " WebHook-Allowed-Origin: " + origin + ", or *.")
                    .with("status", answer.statusCode());
        }
        String rate = answer.headers().firstValue(ALLOWED_RATE).orElse("*").strip();
        return rate.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(rate) : 0;
    }

    private static StoreException refused(URI uri, String why) {
        return new StoreException(ErrorCode.WEBHOOK_REFUSED, why)
                .with("field", "url")
                .with("host", uri.getHost());
    }

    /** Sends an event. Never fails; cancelled, it stops. */
    CompletableFuture<Reply> post(String url, Map<String, String> headers, ByteString body, Duration timeout) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Failures.whenDone(
                Failures.guarded(() -> {
                    URI uri = targets.allowed(url);
                    HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                            .timeout(timeout);
                    headers.forEach(request::header);
                    return sent(uri, request.build(), timeout).<Reply>handle((answer, failure) -> {
                        if (failure == null) {
                            return new Reply(
                                    answer.statusCode(),
                                    "It answered " + answer.statusCode() + ".",
                                    retryAfter(answer.headers()));
                        }
                        StoreException known = known(failure);
                        return Reply.none(known != null ? known.getMessage() : text(failure));
                    });
                }),
                reply::complete,
                failure -> reply.complete(Reply.none(failure.getMessage())));
        return reply;
    }

    /** Bodies of answers are thrown away, and those that do not end are cut off. */
    private CompletableFuture<HttpResponse<Void>> sent(URI uri, HttpRequest request, Duration timeout) {
        return CompletableFuture.runAsync(() -> resolve(uri), threads).thenCompose(allowed -> {
            CompletableFuture<HttpResponse<Void>> exchange =
                    client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
            CompletableFuture<HttpResponse<Void>> whole =
                    exchange.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return whole.whenComplete((answer, failure) -> exchange.cancel(true));
        });
    }

    private void resolve(URI uri) {
        try {
            targets.refuseUnreachable(uri);
        } catch (IOException e) {
            throw new UncheckedIOException("The host is not known.", e);
        }
    }

    private static Duration retryAfter(HttpHeaders headers) {
        String asked = headers.firstValue("Retry-After").orElse("").strip();
        try {
            Duration wait = asked.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(asked))
                    : Duration.between(
                            Instant.now(),
                            ZonedDateTime.parse(asked, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    private static @Nullable StoreException known(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StoreException store) {
                return store;
            }
        }
        return null;
    }

    private static String text(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause instanceof CompletionException) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
            return "It did not answer in time.";
        }
        String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : " (" + message + ")") + ".";
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
