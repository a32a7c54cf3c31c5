package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.MemoryGroup;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N14: the kernel kills a node because its control group has no memory left. A neighbour in the group takes it all; the node
 * has more than the neighbour, so it is the node that is killed, at whatever it does.
 */
record OomKill(Testbed.Whom whom) implements Nemesis {
    private static final long LIMIT_BYTES = 32L << 20;
    private static final Duration KILLED = Duration.ofSeconds(20);
    private static final int SIGKILLED = 128 + 9;

    @Override
    public String id() {
        return "N14";
    }

    @Override
    public String name() {
        return "oom-kill-" + whom.word();
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return MemoryGroup.missing();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(whom, choices).get(0);
        MemoryGroup group = MemoryGroup.named("chaos-" + ProcessHandle.current().pid() + "-" + victim.pid());
        bed.resources().make("memory-cgroup", group.toString(), () -> group.make(LIMIT_BYTES), group::remove);
        Map<String, Object> facts = new LinkedHashMap<>();
        boolean killed;
        try {
            group.add(victim.pid());
            group.fill(LIMIT_BYTES * 2);
            killed = Patience.until(KILLED, () -> !victim.isAlive());
            facts.put("oom_kill", group.kills());
        } finally {
            victim.kill();
            group.remove();
        }
        int code = victim.exitCode().orElse(-1);
        facts.put("exit-code", code);
        boolean proven = killed && code == SIGKILLED && group.kills() > 0;
        return Strike.on(List.of(victim), new Evidence(proven, facts), victim::start);
    }
}
