package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** N3: kill -9; they are started again when it is healed. */
record Kill(Testbed.Whom whom) implements Nemesis {
    @Override
    public String id() {
        return "N3";
    }

    @Override
    public String name() {
        return "kill-" + whom.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return Optional.empty();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(whom, choices);
        List<Long> pids = victims.stream().map(Server::pid).toList();
        for (Server victim : victims) {
            victim.kill();
        }
        long gone = victims.stream().filter(victim -> !victim.isAlive()).count();
        return new Strike() {
            @Override
            public String what() {
                return name();
            }

            @Override
            public List<String> targets() {
                return Testbed.ids(victims);
            }

            @Override
            public void heal() throws Exception {
                for (Server victim : victims) {
                    victim.start();
                }
            }

            @Override
            public Evidence evidence() {
                List<Long> fresh = victims.stream().map(Server::pid).toList();
                return new Evidence(
                        gone == victims.size() && !fresh.equals(pids), Map.of("pids", pids, "pids-after", fresh));
            }
        };
    }
}
