package io.eckermann.bench.system;

import io.eckermann.bench.machine.JarVersion;
import io.eckermann.client.cli.local.ClusterDirectory;
import io.eckermann.client.cli.local.LocalCluster;
import io.eckermann.client.cli.local.PortPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Eckermann: three nodes as {@code eckermann up} starts them, with one shard or several. */
public final class EckermannSystem implements SystemUnderTest {
    private static final String NAME = "eckermann";
    private static final String KILLS_THE_LEADER = "F";
    private static final int NODES = 3;
    private static final Duration READY_PATIENCE = Duration.ofMinutes(3);

    private final int shards;

    /** With one. */
    public EckermannSystem() {
        this(1);
    }

    /** With so many. */
    public EckermannSystem(int shards) {
        this.shards = shards;
    }

    @Override
    public String name() {
        return shards == 1 ? NAME : NAME + "-" + shards + "-shards";
    }

    @Override
    public String version() {
        return JarVersion.of("io.eckermann", "client");
    }

    @Override
    public String acknowledgement() {
        return "fsynced on a majority";
    }

    @Override
    public boolean supports(String workload) {
        if (shards > 1 && workload.equals(KILLS_THE_LEADER)) {
            // There is not the one whose loss all wait for.
            return false;
        }
        return (workload.equals(BOOKINGS) || SystemUnderTest.super.supports(workload)) && !workload.equals("E5");
    }

    @Override
    public RunningSystem start(Path directory) throws Exception {
        ClusterDirectory home = new ClusterDirectory(directory);
        home.lock();
        Map<String, String> settings = Map.of("ECKERMANN_SHARDS", Integer.toString(shards));
        LocalCluster cluster = LocalCluster.start(home, home.create(PortPlan.FREE.nodes(NODES)), settings, death -> {
            System.err.println("Node " + death.node().id() + " ended with " + death.exitCode() + ":");
            death.logTail().forEach(System.err::println);
        });
        try {
            EckermannCluster running = new EckermannCluster(cluster, home);
            running.awaitReady(READY_PATIENCE);
            return running;
        } catch (Exception e) {
            cluster.close();
            home.close();
            throw e;
        }
    }
}
