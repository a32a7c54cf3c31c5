package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import java.util.List;
import java.util.Map;

/** N3: kill -9; they are started again when it is healed. */
record Kill(Testbed.Whom whom) implements Nemesis {
    @Override
    public String id() {
        return "N3";
    }

    @Override
    public String name() {
        return "kill-" + whom.word();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(whom, choices);
        List<Long> pids = victims.stream().map(Server::pid).toList();
        for (Server victim : victims) {
            victim.kill();
        }
        long gone = victims.stream().filter(victim -> !victim.isAlive()).count();
        return new Strike(
                Testbed.ids(victims),
                () -> {
                    for (Server victim : victims) {
                        victim.start();
                    }
                },
                () -> {
                    List<Long> fresh = victims.stream().map(Server::pid).toList();
                    return new Evidence(
                            gone == victims.size() && !fresh.equals(pids), Map.of("pids", pids, "pids-after", fresh));
                });
    }
}
