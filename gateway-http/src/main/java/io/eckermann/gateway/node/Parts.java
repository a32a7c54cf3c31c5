package io.eckermann.gateway.node;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, to be stopped in reverse. Used under the node's lock. */
final class Parts {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<Part> started = new ArrayDeque<>();

    private record Part(String name, AutoCloseable stop) {}

    /** Notes a part before it starts; returns it. */
    <T extends AutoCloseable> T add(String name, T part) {
        started.push(new Part(name, part));
        return part;
    }

    /** Makes parts stop before all that were added since, the last of them first. */
    void stopSooner(AutoCloseable... parts) {
        for (AutoCloseable part : parts) {
            Part moved = started.stream()
                    .filter(added -> added.stop() == part)
                    .findFirst()
                    .orElseThrow();
            started.remove(moved);
            started.push(moved);
        }
    }

    /** Stops all; what fails to stop is logged and does not keep the others from stopping. */
    void stop() {
        while (!started.isEmpty()) {
            Part part = started.pop();
            try {
                part.stop().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                LOG.warn("Stopping the {} was interrupted", part.name());
            } catch (Exception e) {
                LOG.warn("The {} did not stop well", part.name(), e);
            }
        }
    }
}
