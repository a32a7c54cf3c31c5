package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * N3: kill -9 of every node, one after the other, in an order and for times that are drawn by lot: up to ten seconds, and no
 * longer than other faults last. Each is back before the next one goes.
 */
record RollingKill() implements Nemesis {
    private static final Duration AWAY_MAX = Duration.ofSeconds(10);
    private static final Duration START = Duration.ofSeconds(60);
    /** What a node's start takes on a small machine. */
    private static final Duration START_USUAL = Duration.ofSeconds(5);

    @Override
    public String id() {
        return "N3";
    }

    @Override
    public String name() {
        return "kill-rolling";
    }

    /** All of it is in its beginning. */
    @Override
    public Duration hold(Duration usual) {
        return Duration.ZERO;
    }

    @Override
    public Duration lasts(Duration usual, int nodes) {
        return awayMax(usual).dividedBy(2).plus(START_USUAL).multipliedBy(nodes);
    }

    private static Duration awayMax(Duration usual) {
        return usual.compareTo(AWAY_MAX) < 0 ? usual : AWAY_MAX;
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> order = choices.shuffled(bed.servers().all());
        Map<String, Object> facts = new LinkedHashMap<>();
        List<Boolean> proven = new ArrayList<>();
        for (Server victim : order) {
            long away = choices.below(awayMax(bed.hold()).toMillis() + 1);
            long pid = victim.pid();
            victim.kill();
            boolean gone = !victim.isAlive();
            Patience.rest(Duration.ofMillis(away));
            victim.start();
            boolean back = Patience.until(START, () -> bed.servers().isReady(victim));
            proven.add(gone && back && victim.pid() != pid);
            facts.put(victim.id(), "away for " + away + " ms, pid " + pid + ", then " + victim.pid());
        }
        boolean all = !proven.contains(false);
        return new Strike(Testbed.ids(order), () -> {}, () -> new Evidence(all, facts));
    }
}
