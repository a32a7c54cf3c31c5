package io.eckermann.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Looks at every node twice a second, and puts what it saw into the history: up, leads, its term. */
final class Monitor {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Servers servers;
    private final History history;
    private final Thread thread = new Thread(this::run, "monitor");
    private volatile boolean stopping;

    Monitor(Servers servers, History history) {
        this.servers = servers;
        this.history = history;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!stopping) {
                Map<String, Object> seen = new LinkedHashMap<>();
                for (Server server : servers.all()) {
                    seen.put(server.id(), look(server));
                }
                if (!stopping) {
                    history.nemesis("observe", seen);
                }
                Patience.rest(EVERY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Object> look(Server server) throws InterruptedException {
        if (!server.isAlive()) {
            return Map.of("up", false);
        }
        Optional<JsonNode> view = servers.view(server);
        return view.<Map<String, Object>>map(json -> Map.of(
                        "up", true,
                        "leads", Servers.host(json.path("leader").asText()).equals(server.id()),
                        "leader", json.path("leader").asText(),
                        "term", json.path("term").asLong(-1)))
                .orElse(Map.of("up", true, "silent", true));
    }

    void stop() throws InterruptedException {
        stopping = true;
        thread.join();
    }
}
