package io.eckermann.chaos.run;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.Edn;
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
import org.jspecify.annotations.Nullable;

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
    /** What is noted of it whenever it is noted: with which other fault it overlaps, if there is one. */
    private final Map<String, Object> always;

    private @Nullable Strike strike;
    private @Nullable Exception failure;
    private String outcome = "";

    FaultRun(int number, Nemesis nemesis, Testbed bed, History history, Choices choices, Map<String, Object> always) {
        this.number = number;
        this.nemesis = nemesis;
        this.bed = bed;
        this.history = history;
        this.choices = choices;
        this.always = always;
    }

    /** What became of it, in a line. */
    String outcome() {
        return outcome;
    }

    Nemesis nemesis() {
        return nemesis;
    }

    /** From beginning to end, with nothing else. */
    void run(Duration hold) throws Exception {
        begin();
        hold(hold);
        end();
        recover();
    }

    /** Begins it; returns the nodes that it holds, none when it did not come about. */
    List<String> begin() throws Exception {
        note("begin", Map.of());
        try {
            Strike begun = nemesis.strike(bed, choices);
            strike = begun;
            note("struck", Map.of("targets", begun.targets()));
            return begun.targets();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failure = e;
            return List.of();
        }
    }

    /** Lets it last, if it has come about. */
    void hold(Duration usual) throws InterruptedException {
        if (strike != null) {
            Patience.rest(nemesis.hold(usual));
        }
    }

    /** Ends it. What it left when it failed is put away by force. */
    void end() throws Exception {
        try {
            if (strike != null) {
                strike.end().heal();
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failure = e;
        }
        if (failure != null) {
            bed.network().heal();
            for (Server server : bed.servers().all()) {
                server.signal("CONT");
            }
            restartTheDead();
        }
        note("healed", strike == null ? Map.of() : Map.of("targets", strike.targets()));
    }

    /** Waits until all is well, and notes the evidence. */
    void recover() throws Exception {
        boolean ready = bed.servers().awaitReady(READY);
        if (!ready) {
            restartTheDead();
            ready = bed.servers().awaitReady(READY);
        }
        int acknowledged = history.acknowledged();
        boolean writes = Patience.until(WRITES, () -> history.acknowledged() > acknowledged);
        Evidence evidence = evidence();
        Map<String, Object> facts = new LinkedHashMap<>(evidence.facts());
        facts.put("all-ready-again", ready);
        if (!writes) {
            facts.put("nothing-acknowledged-since", true);
        }
        outcome = (evidence.proven() ? "proven " : "NOT PROVEN ") + facts;
        note("recovered", Map.of("proven", evidence.proven(), "evidence", facts));
    }

    private Evidence evidence() throws Exception {
        return failure != null || strike == null
                ? new Evidence(false, Map.of("failed", String.valueOf(failure)))
                : strike.proof().evidence();
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
        value.put("phase", Edn.keyword(phase));
        value.putAll(always);
        value.putAll(more);
        history.nemesis(nemesis.name(), value);
    }
}
