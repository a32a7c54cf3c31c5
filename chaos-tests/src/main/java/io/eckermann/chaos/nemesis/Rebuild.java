package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * N11: every table of a node's index is damaged while it is down, and nobody puts the bits back. The others must remove the
 * node, which sets aside what it has and comes back as another member, by itself.
 */
record Rebuild() implements Nemesis {
    private static final Duration BACK = Duration.ofSeconds(90);

    @Override
    public String id() {
        return "N11";
    }

    @Override
    public String name() {
        return "tables-lost-and-rebuilt";
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Servers servers = bed.servers();
        Server victim = bed.targets(Testbed.Whom.FOLLOWER, choices).get(0);
        List<String> before = servers.memberIds(servers.leaderOrAny());
        servers.mayJoinByItself(victim, true);
        // In an orderly way: what it has in memory is in tables then.
        victim.stop();
        List<DamagedFile> tables = DamagedFile.all(victim, NodeFiles.TABLE);
        for (DamagedFile table : tables) {
            table.damage();
        }
        victim.start();
        return new Strike(
                List.of(victim.id()),
                () -> {
                    if (!Patience.until(BACK, () -> servers.isReady(victim))) {
                        throw new IOException(victim.id() + " did not come back by itself.");
                    }
                    servers.mayJoinByItself(victim, false);
                },
                () -> {
                    List<String> after = servers.memberIds(servers.leaderOrAny());
                    boolean another =
                            after.stream().anyMatch(id -> Servers.host(id).equals(victim.id()) && !before.contains(id));
                    return new Evidence(
                            another && !tables.isEmpty(),
                            Map.of("tables", tables.size(), "members-before", before, "members-after", after));
                });
    }
}
