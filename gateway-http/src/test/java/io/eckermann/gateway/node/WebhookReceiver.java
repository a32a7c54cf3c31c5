package io.eckermann.gateway.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.message.MessageReader;
import io.cloudevents.http.HttpMessageFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A receiver of webhooks over real HTTP, which answers as the test says and reads events with the official SDK. */
public final class WebhookReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Function<Received, Answer> answers = event -> Answer.OK;
    private volatile String allowedOrigin = "eckermann";
    private volatile String allowedRate = "*";

    /** One request. */
    record Received(long position, CloudEvent event, Map<String, String> headers, String body, long atNanos) {}

    /** What is answered: retryAfter 0 for none. */
    record Answer(int status, int retryAfter) {
        static final Answer OK = new Answer(204, 0);
    }

    public WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    void answer(Function<Received, Answer> how) {
        answers = how;
    }

    void allow(String origin, String rate) {
        allowedOrigin = origin;
        allowedRate = rate;
    }

    List<Received> received() {
        return received;
    }

    List<Long> positions() {
        return received.stream().map(Received::position).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            exchange.getResponseHeaders().set("WebHook-Allowed-Origin", allowedOrigin);
            exchange.getResponseHeaders().set("WebHook-Allowed-Rate", allowedRate);
            exchange.sendResponseHeaders(200, -1);
        } else {
            Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toMap(
                            each -> each.getKey().toLowerCase(java.util.Locale.ROOT),
                            each -> each.getValue().get(0)));
            MessageReader reader = HttpMessageFactory.createReader(headers, body);
            CloudEvent event = reader.toEvent();
            Received one = new Received(
                    Long.parseLong(String.valueOf(Objects.requireNonNull(event.getExtension("eckermannposition")))),
                    event,
                    headers,
                    new String(body, StandardCharsets.UTF_8),
                    System.nanoTime());
            received.add(one);
            Answer answer = answers.apply(one);
            if (answer.retryAfter() > 0) {
                exchange.getResponseHeaders().set("Retry-After", Integer.toString(answer.retryAfter()));
            }
            exchange.sendResponseHeaders(answer.status(), -1);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
