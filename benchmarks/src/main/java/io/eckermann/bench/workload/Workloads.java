package io.eckermann.bench.workload;

import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.SelfMeasured;
import io.eckermann.bench.system.SystemUnderTest;
import io.eckermann.bench.system.Tuning;
import io.eckermann.bench.workload.Append.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Every workload by its name, and which ones a letter stands for. */
public final class Workloads {
    private static final int KIB = 1024;
    private static final int PIPELINED = 16;
    private static final int MANY = 64;
    private static final int PACE = 2_000;

    private Workloads() {}

    /** A line for each. */
    public static List<String> describe(Settings settings) {
        return all(settings).stream()
                .map(workload -> String.format(Locale.ROOT, "%-18s %s", workload.name(), workload.description()))
                .toList();
    }

    /** All, in their order. */
    static List<Workload> all(Settings settings) {
        Supplier<Payloads> random = once(() -> Payloads.random(KIB));
        Supplier<Payloads> json = once(() -> Payloads.json(KIB));
        Supplier<Payloads> small = once(() -> Payloads.random(100));
        List<Workload> all = new ArrayList<>();
        for (int topics : new int[] {1, 8}) {
            String of = " on " + topics + (topics == 1 ? " topic" : " topics");
            all.add(new Append(
                    "A-random-" + topics,
                    "16 pipelined producers, 1 KiB incompressible" + of,
                    topics,
                    PIPELINED,
                    Shape.PIPELINED,
                    random));
            all.add(new Append(
                    "A-json-" + topics,
                    "16 pipelined producers, 1 KiB of JSON" + of,
                    topics,
                    PIPELINED,
                    Shape.PIPELINED,
                    json));
        }
        all.add(new Append(
                "A100", "16 pipelined producers, 100 B incompressible", 1, PIPELINED, Shape.PIPELINED, small));
        all.add(new Append("B", "one synchronous producer, 1 KiB", 1, 1, Shape.SYNCHRONOUS, random));
        all.add(new Append("C", "64 synchronous producers on 64 clients", 1, MANY, Shape.SYNCHRONOUS, random));
        all.add(new Append("C1", "64 synchronous producers on one client", 1, MANY, Shape.SYNCHRONOUS_SHARED, random));
        all.add(new CatchUpRead("D", "one reader, from the first event to the last", random));
        all.add(new PacedDelivery("E", "2,000 events a second to a tailing reader", PACE, Tuning.LATENCY, random));
        all.add(new PacedDelivery("E5", "the same with 5 ms of linger", PACE, Tuning.LINGER, random));
        all.add(new LeaderKill("F", "kill -9 of the leader under C", MANY, random));
        growth(all, settings, random);
        all.add(new Limits());
        return all;
    }

    private static void growth(List<Workload> all, Settings settings, Supplier<Payloads> random) {
        for (int topics : settings.topicCounts()) {
            String what = "16 pipelined producers, 1 KiB incompressible on " + topics + " topics";
            all.add(new Append("H-topics-" + topics, what, topics, PIPELINED, Shape.PIPELINED, random));
        }
        for (int gigabytes : settings.storedGigabytes()) {
            String what = "16 pipelined producers, 1 KiB incompressible";
            String name = "H-stored-" + gigabytes + "GB";
            all.add(new Stored(name, gigabytes, new Append(name, what, 1, PIPELINED, Shape.PIPELINED, random), random));
            all.add(new Stored(
                    name + "-read", gigabytes, new CatchUpRead(name + "-read", "one reader", random), random));
        }
    }

    /** Asks for nothing but limits, which measure themselves. */
    private record Limits() implements Workload {
        @Override
        public String name() {
            return SelfMeasured.LIMITS;
        }

        @Override
        public String description() {
            return "appends with fdatasync, and one long write";
        }

        @Override
        public List<Row> run(SystemUnderTest system, RunningSystem running, int repeat, Settings settings) {
            throw new IllegalStateException("Systems do not run this.");
        }
    }

    /**
     * Those that the names mean: a whole name, or what comes before a hyphen for all that begin so.
     *
     * @throws IllegalArgumentException when one means none
     */
    static List<Workload> named(List<String> names, Settings settings) {
        List<Workload> all = all(settings);
        List<Workload> chosen = new ArrayList<>();
        for (String name : names) {
            String wanted = name.toUpperCase(Locale.ROOT);
            List<Workload> found = all.stream()
                    .filter(workload -> {
                        String has = workload.name().toUpperCase(Locale.ROOT);
                        return has.equals(wanted) || has.startsWith(wanted + "-");
                    })
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("There is no workload " + name + ": choose among "
                        + String.join(", ", all.stream().map(Workload::name).toList()) + ".");
            }
            found.stream().filter(workload -> !chosen.contains(workload)).forEach(chosen::add);
        }
        return chosen;
    }

    private static Supplier<Payloads> once(Supplier<Payloads> maker) {
        return new Supplier<>() {
            private final List<Payloads> made = new ArrayList<>();

            @Override
            public Payloads get() {
                if (made.isEmpty()) {
                    made.add(maker.get());
                }
                return made.get(0);
            }
        };
    }
}
