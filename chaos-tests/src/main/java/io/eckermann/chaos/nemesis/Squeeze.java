package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** N14: a node runs with half of the heap that it has otherwise. It is to slow down, and not to fail. */
record Squeeze(Testbed.Whom whom) implements Nemesis {
    private static final Duration START = Duration.ofSeconds(60);
    private static final String HEAP = "-Xmx96m";

    @Override
    public String id() {
        return "N14";
    }

    @Override
    public String name() {
        return "memory-half-" + whom.word();
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(whom, choices).get(0);
        restart(bed, victim, List.of(HEAP));
        boolean small = victim.commandLine().contains(HEAP);
        return new Strike(
                List.of(victim.id()),
                () -> restart(bed, victim, List.of()),
                () -> new Evidence(small, Map.of("heap", HEAP)));
    }

    private static void restart(Testbed bed, Server victim, List<String> options) throws Exception {
        victim.options(options);
        victim.stop();
        victim.start();
        Patience.until(START, () -> bed.servers().isReady(victim));
    }
}
