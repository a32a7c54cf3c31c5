package io.eckermann.bench.system;

import io.eckermann.bench.machine.JarVersion;
import io.eckermann.client.EventStore;
import io.eckermann.client.NodeStatus;
import java.nio.file.Path;
import java.util.List;

/** A cluster of Eckermann that runs already. Its processes can't be measured or killed; its topics are deleted again. */
public final class EckermannRemote implements SystemUnderTest {
    private final List<String> endpoints;

    /** Begins with these gRPC addresses. */
    public EckermannRemote(List<String> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    @Override
    public String name() {
        return "eckermann";
    }

    @Override
    public String version() {
        return "client " + JarVersion.of("io.eckermann", "client");
    }

    @Override
    public String acknowledgement() {
        return "fsynced on a majority";
    }

    @Override
    public boolean supports(String workload) {
        return (workload.equals(BOOKINGS) || SystemUnderTest.super.supports(workload))
                && !workload.equals("E5")
                && !workload.equals("F");
    }

    @Override
    public RunningSystem start(Path directory) throws Exception {
        List<String> http;
        try (EventStore store = EventStore.builder().endpoints(endpoints).build()) {
            http = store.cluster().get().nodes().stream()
                    .map(NodeStatus::httpAddress)
                    .filter(address -> !address.isEmpty())
                    .toList();
        }
        EckermannEndpoints running = new EckermannEndpoints(endpoints, http);
        running.deleteTopicsAtClose();
        running.rememberTerm();
        return running;
    }
}
