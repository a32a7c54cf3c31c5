package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.nemesis.Evidence;
import io.eckermann.chaos.nemesis.Nemesis;
import io.eckermann.chaos.nemesis.Strike;
import io.eckermann.chaos.nemesis.Testbed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One fault of a run, from its beginning to the moment when all is well again. It is in the history three times: when it
 * began, when it was healed, and when every node was ready again, with the evidence.
 */
final class FaultRun {
    private static final Duration READY = Duration.ofSeconds(40);
    /** So long, writes may take to begin again when all nodes are ready. */
    private static final Duration WRITES = Duration.ofSeconds(20);

    private final int number;
    private final Nemesis nemesis;
    private final Testbed bed;
    private final History history;
    private final Choices choices;
    private String outcome = "";

    FaultRun(int number, Nemesis nemesis, Testbed bed, History history, Choices choices) {
        this.number = number;
        this.nemesis = nemesis;
        this.bed = bed;
        this.history = history;
        this.choices = choices;
    }

    /** What became of it, in a line. */
    String outcome() {
        return outcome;
    }

    void run(Duration hold) throws Exception {
        note("begin", Map.of());
        Strike strike;
        try {
            strike = nemesis.strike(bed, choices);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            bed.network().heal();
            restartTheDead();
            note("healed", Map.of());
            finish(new Evidence(false, Map.of("failed", e.toString())));
            return;
        }
        note("struck", Map.of("targets", strike.targets()));
        Patience.rest(nemesis.hold(hold));
        strike.end().heal();
        note("healed", Map.of("targets", strike.targets()));
        Evidence evidence;
        boolean ready = bed.servers().awaitReady(READY);
        if (!ready) {
            restartTheDead();
            ready = bed.servers().awaitReady(READY);
        }
        int acknowledged = history.acknowledged();
        boolean writes = Patience.until(WRITES, () -> history.acknowledged() > acknowledged);
        evidence = strike.proof().evidence();
        Map<String, Object> facts = new LinkedHashMap<>(evidence.facts());
        facts.put("all-ready-again", ready);
        if (!writes) {
            facts.put("nothing-acknowledged-since", true);
        }
        finish(new Evidence(evidence.proven(), facts));
    }

    private void finish(Evidence evidence) {
        outcome = (evidence.proven() ? "proven " : "NOT PROVEN ") + evidence.facts();
        note("recovered", Map.of("proven", evidence.proven(), "evidence", evidence.facts()));
    }

    private void restartTheDead() throws Exception {
        for (Server server : bed.servers().all()) {
            if (!server.isAlive()) {
                Map<String, Integer> exits = new LinkedHashMap<>();
                server.exitCode().ifPresent(code -> exits.put(server.id(), code));
                note("restarted-by-hand", Map.of("targets", List.of(server.id()), "exits", exits));
                server.start();
            }
        }
    }

    private void note(String phase, Map<String, Object> more) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("number", number);
        value.put("id", nemesis.id());
        value.put("phase", io.eckermann.chaos.history.Edn.keyword(phase));
        value.putAll(more);
        history.nemesis(nemesis.name(), value);
    }
}
