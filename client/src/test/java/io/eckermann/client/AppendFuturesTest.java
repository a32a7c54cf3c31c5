package io.eckermann.client;

import static io.eckermann.client.AppendTest.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What callers do with the futures of their appends. */
@Timeout(120)
final class AppendFuturesTest {
    private static final String TOPIC = "orders";

    private FakeCluster cluster;
    private EventStore store;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(3, 1);
        cluster.topic(TOPIC);
        store = cluster.connect();
    }

    @AfterEach
    void stop() {
        cluster.close();
        store.close();
    }

    @Test
    void aFutureThatItsCallerEndedDoesNotEndTheFlush() throws Exception {
        cluster.meet(FakeCluster.Fate.SILENT);
        Appender appender = store.appender(TOPIC);
        CompletableFuture<Long> cancelled = appender.append(Event.of("a"));
        CompletableFuture<Long> late = appender.append(Event.of("b"));
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(late.completeExceptionally(new IllegalStateException("given up")))
                .isTrue();
        CompletableFuture<Void> flushed = appender.flush();
        assertThat(catchThrowable(() -> flushed.get(500, TimeUnit.MILLISECONDS)))
                .isInstanceOf(TimeoutException.class);
        cluster.meet(FakeCluster.Fate.ANSWER);
        cluster.nodes.get(0).kill();
        cluster.nodes.get(0).start();
        await(flushed);
        assertThat(cluster.payloads(TOPIC)).containsExactly("a", "b");
    }

    @Test
    void aCallbackThatClosesItsOwnAppenderIsToldSo() throws Exception {
        cluster.lead(-1);
        Appender appender = store.appender(TOPIC);
        CompletableFuture<Void> closing = appender.append(Event.of("a")).thenAccept(position -> appender.close());
        CompletableFuture<AppendResult> behind = store.append(TOPIC, Event.of("b"));
        cluster.lead(0);
        assertThat(catchThrowable(() -> await(closing)))
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasMessageContaining("can't be closed from a callback");
        assertThat(await(behind).first()).isEqualTo(2);
        appender.close();
    }
}
