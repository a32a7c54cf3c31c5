package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.Encoding;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class CompressionTest {
    private static final String TOPIC = "orders";

    private FakeCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new FakeCluster(1, 1);
        cluster.topic(TOPIC);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource({"AUTO,ZSTD", "ZSTD,ZSTD", "LZ4,LZ4", "NONE,PLAIN"})
    void batchesThatShrinkAreCompressedAsAsked(Compression compression, Encoding expected) throws Exception {
        List<Event> events = IntStream.range(0, 200)
                .mapToObj(i -> Event.of("{\"order\":" + i + ",\"status\":\"paid\"}"))
                .toList();
        try (EventStore store = store(compression)) {
            append(store, events);
            append(store, List.of(Event.of("small")));
            append(store, events);
        }
        assertThat(encodings()).containsExactly(expected, Encoding.PLAIN, expected);
        assertThat(cluster.payloads(TOPIC)).hasSize(401).startsWith("{\"order\":0,\"status\":\"paid\"}");
    }

    @Test
    void noiseIsSentAsItIs() throws Exception {
        Random random = new Random(3);
        try (EventStore store = store(Compression.AUTO)) {
            for (int i = 0; i < 5; i++) {
                byte[] noise = new byte[20_000];
                random.nextBytes(noise);
                append(store, List.of(Event.of(noise)));
            }
        }
        assertThat(encodings()).hasSize(5).containsOnly(Encoding.PLAIN);
    }

    private List<Encoding> encodings() {
        return Objects.requireNonNull(cluster.logs.get(TOPIC)).encodings;
    }

    private EventStore store(Compression compression) {
        return EventStore.builder()
                .endpoints(cluster.endpoints())
                .requestTimeout(Duration.ofSeconds(40))
                .compression(compression)
                .build();
    }

    private static void append(EventStore store, List<Event> events) throws Exception {
        assertThat(store.append(TOPIC, events).get(60, TimeUnit.SECONDS).duplicate())
                .isFalse();
    }
}
