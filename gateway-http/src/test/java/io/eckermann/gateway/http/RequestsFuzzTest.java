package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.metrics.NodeMetrics;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Whatever comes in by a connection, through codec, routes and parsers: it is answered, never with a bug's 500. */
class RequestsFuzzTest {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");

    private static final HttpDoorConfig CONFIG = HttpDoorConfig.at("127.0.0.1", 0);

    @FuzzTest
    void whateverComesIsAnsweredOrCutOff(byte[] data) {
        String answers = answers(data);
        assertThat(answers)
                .satisfiesAnyOf(
                        text -> assertThat(text).isEmpty(),
                        text -> assertThat(text).startsWith("HTTP/1.1 "));
        assertThat(answers).doesNotContain("HTTP/1.1 500");
    }

    /** The bytes are a body: of an append of JSON, of CloudEvents, of a query. */
    @FuzzTest
    void aBodyIsTakenOrRefused(byte[] data) {
        for (String head : List.of(
                "POST /v1/topics/t/events HTTP/1.1\r\nContent-Type: application/json",
                "POST /v1/topics/t/events HTTP/1.1\r\nContent-Type: application/cloudevents+json",
                "POST /v1/topics/t/events HTTP/1.1\r\nContent-Type: application/cloudevents-batch+json",
                "POST /v1/topics/t/events HTTP/1.1\r\nContent-Type: application/x-ndjson",
                "POST /v1/append HTTP/1.1\r\nContent-Type: application/json",
                "PUT /v1/topics/t HTTP/1.1\r\nContent-Type: application/json",
                "PATCH /v1/topics/t HTTP/1.1\r\nContent-Type: application/json",
                "PUT /v1/topics/t/cursors/c HTTP/1.1\r\nContent-Type: application/json",
                "POST /v1/topics/t/groups/g/lease HTTP/1.1\r\nContent-Type: application/json",
                "PUT /v1/topics/t/groups/g HTTP/1.1\r\nContent-Type: application/json",
                "POST /v1/topics/t/query HTTP/1.1\r\nContent-Type: application/json")) {
            byte[] start = (head + "\r\nHost: x\r\nContent-Length: " + data.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            byte[] request = java.util.Arrays.copyOf(start, start.length + data.length);
            System.arraycopy(data, 0, request, start.length, data.length);
            assertThat(STATUS.matcher(answers(request)).results().map(found -> found.group(1)))
                    .as(head)
                    .hasSize(1)
                    .doesNotContain("500");
        }
    }

    private static String answers(byte[] data) {
        UseCases useCases = useCases();
        Router router =
                HttpDoor.routes(CONFIG, useCases, Runnable::run, new MetricsRoute(new NodeMetrics(), Runnable::run));
        Dispatcher dispatcher = new Dispatcher(
                router, useCases.cluster(), new CrossOrigin(List.of()), new NodeMetrics().requests(), null, false);
        EmbeddedChannel channel = new EmbeddedChannel(
                new HttpServerCodec(),
                new HttpConnection(dispatcher, Runnable::run, CONFIG, new BodyBudget(1 << 24), new Outgoing(1 << 24)));
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(data));
            channel.runPendingTasks();
            StringBuilder out = new StringBuilder();
            for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
                out.append(part.toString(StandardCharsets.UTF_8));
                part.release();
            }
            return out.toString();
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    /** Plausible answers at once; what the test's fakes do not know is not ready. */
    private static UseCases useCases() {
        FakeUseCases fake = new FakeUseCases();
        return without(UseCases.class, fake, List.of("groups", "webhooks", "cluster"), name -> switch (name) {
            case "groups" -> absent(fake.groups().getClass().getInterfaces()[0]);
            case "webhooks" -> absent(fake.webhooks().getClass().getInterfaces()[0]);
            default ->
                without(
                        ClusterHandler.class,
                        fake,
                        List.of("commands"),
                        any -> absent(fake.commands().getClass().getInterfaces()[0]));
        });
    }

    private static <T> T without(
            Class<T> type, T whole, List<String> replaced, java.util.function.Function<String, Object> by) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, asked, with) -> {
            if (replaced.contains(asked.getName())) {
                return by.apply(asked.getName());
            }
            try {
                return asked.invoke(whole, with);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }

    private static Object absent(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, asked, with) -> CompletableFuture.failedFuture(
                        new StoreException(ErrorCode.NOT_READY, "There are none here.")));
    }
}
