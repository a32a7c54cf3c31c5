package io.eckermann.chaos.run;

import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.nemesis.Nemeses;
import io.eckermann.chaos.nemesis.Nemesis;
import io.eckermann.chaos.nemesis.Testbed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Breaks what a plan says, one fault after the other, or two of them at a time. */
final class Breaker {
    private static final long NS_PER_S = 1_000_000_000L;

    private final Plan plan;
    private final Testbed bed;
    private final History history;
    /** Takes what can't be done here, and why. */
    private final BiConsumer<String, String> skip;

    private int number;

    Breaker(Plan plan, Testbed bed, History history, BiConsumer<String, String> skip) {
        this.plan = plan;
        this.bed = bed;
        this.history = history;
        this.skip = skip;
    }

    void run() throws Exception {
        for (String fault : plan.faults()) {
            List<Nemesis> nemeses =
                    Plan.parts(fault).stream().map(Nemeses::named).toList();
            Optional<String> missing = nemeses.stream()
                    .flatMap(nemesis -> nemesis.missing(bed).stream())
                    .findFirst();
            if (missing.isPresent()) {
                String ids = String.join("+", nemeses.stream().map(Nemesis::id).toList());
                skip.accept(ids + " " + fault, missing.get());
            } else if (nemeses.size() == 1) {
                FaultRun alone = fault(nemeses.get(0), bed, Map.of());
                alone.run(plan.hold());
                tell(alone);
            } else {
                overlap(nemeses.get(0), nemeses.get(1));
            }
            Patience.rest(plan.gap());
        }
    }

    /** The second begins while the first holds, and hits other nodes as long as there are any; both end in an order drawn by lot. */
    private void overlap(Nemesis one, Nemesis other) throws Exception {
        FaultRun first = fault(one, bed, Map.of("with", number + 2));
        List<String> held = first.begin();
        Patience.rest(part(plan.hold(), 2));
        FaultRun second = fault(other, bed.besides(held), Map.of("with", number));
        second.begin();
        first.hold(plan.hold());
        boolean inOrder = Choices.of(plan.seed(), "order of ends " + number).percent(50);
        // Who changes members needs a majority to change them back.
        boolean firstEnds = other.needsSpare() || (inOrder && !one.needsSpare());
        FaultRun ending = firstEnds ? first : second;
        ending.end();
        Patience.rest(part(plan.hold(), 4));
        (firstEnds ? second : first).end();
        first.recover();
        second.recover();
        tell(first);
        tell(second);
    }

    private static Duration part(Duration hold, int of) {
        return hold.dividedBy(of);
    }

    private FaultRun fault(Nemesis nemesis, Testbed on, Map<String, Object> always) {
        number++;
        return new FaultRun(number, nemesis, on, history, Choices.of(plan.seed(), nemesis.name() + number), always);
    }

    private void tell(FaultRun fault) {
        Nemesis nemesis = fault.nemesis();
        System.out.printf(
                "%4d s  %-30s %s%n", history.nowNs() / NS_PER_S, nemesis.id() + " " + nemesis.name(), fault.outcome());
    }
}
