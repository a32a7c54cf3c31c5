package io.eckermann.gateway.metrics;

import java.util.function.BooleanSupplier;

/** Whether the node serves, and which version it is. */
public final class ReadinessSource implements Source {
    private final String nodeId;
    private final String version;
    private final BooleanSupplier ready;

    public ReadinessSource(String nodeId, String version, BooleanSupplier ready) {
        this.nodeId = nodeId;
        this.version = version;
        this.ready = ready;
    }

    @Override
    public void tell(Samples samples) {
        samples.gauge("eckermann_ready", "1 when the node can serve reads and writes.", ready.getAsBoolean() ? 1 : 0);
        samples.gauge(
                "eckermann_build",
                "Always 1; says which node and version this is.",
                1,
                "node",
                nodeId,
                "version",
                version);
    }
}
