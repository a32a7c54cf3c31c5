package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.metrics.NodeMetrics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a route demands is in one table: none may be forgotten there, and none may be left over. */
class EveryRouteIsGuardedTest {
    @Test
    void everyRouteIsInTheTable() {
        HttpDoorConfig config = new HttpDoorConfig(
                "127.0.0.1",
                0,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1,
                "dcb",
                List.of(),
                null);
        List<String> routes = HttpDoor.routes(
                        config, new FakeUseCases(), Runnable::run, new MetricsRoute(new NodeMetrics(), Runnable::run))
                .routes();
        assertThat(new HttpDemands("dcb").routes()).containsExactlyInAnyOrderElementsOf(routes);
    }
}
