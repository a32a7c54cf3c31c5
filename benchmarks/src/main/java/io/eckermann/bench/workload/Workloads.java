package io.eckermann.bench.workload;

import io.eckermann.bench.load.Payloads;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.SelfMeasured;
import io.eckermann.bench.system.SystemUnderTest;
import io.eckermann.bench.system.Tuning;
import io.eckermann.bench.workload.Append.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
        for (Supplier<Payloads> of : List.of(random, json)) {
            String kind = of == random ? "random" : "json";
            String what = of == random ? "1 KiB incompressible" : "1 KiB of JSON";
            for (int topics : new int[] {1, 8}) {
                all.add(pipelined("A-" + kind + "-" + topics, what, Kind.PIPELINED, topics, of));
            }
        }
        all.add(pipelined("A100", "100 B incompressible", Kind.PIPELINED, 1, small));
        all.add(single("C", "64 synchronous producers on 64 clients", MANY, Shape.SYNCHRONOUS, random));
        all.add(single("C1", "64 synchronous producers on one client", MANY, Shape.SYNCHRONOUS_SHARED, random));
        all.add(single("B", "one synchronous producer, 1 KiB", 1, Shape.SYNCHRONOUS, random));
        all.add(new PacedDelivery("E", "2,000 events a second to a tailing reader", PACE, Tuning.LATENCY, random));
        all.add(new PacedDelivery("E5", "the same with 5 ms of linger", PACE, Tuning.LINGER, random));
        all.add(new LeaderKill("F", "kill -9 of the leader under C", MANY, random));
        all.add(new CatchUpRead("D", "one reader, from the first event to the last", random));
        all.add(new Append(
                "W",
                "A-random-1 from the moment the processes are started: when it is at 80 %",
                Kind.ALONE,
                1,
                PIPELINED,
                Shape.FROM_THE_START,
                random));
        all.add(new Bookings(SystemUnderTest.BOOKINGS, small));
        all.add(new Idle("I", "nothing: what nodes cost that nobody asks for anything"));
        for (int topics : settings.topicCounts()) {
            all.add(pipelined("H-topics-" + topics, "1 KiB incompressible", Kind.ALONE, topics, random));
        }
        all.add(new Stored(
                "H-stored",
                pipelined("H-stored", "", Kind.ALONE, 1, random),
                new CatchUpRead("H-stored", "", random),
                random));
        all.add(new Limits());
        return all;
    }

    private static Append pipelined(String name, String what, Kind kind, int topics, Supplier<Payloads> payloads) {
        String description = "16 pipelined producers, " + what + " on " + topics + (topics == 1 ? " topic" : " topics");
        return new Append(name, description, kind, topics, PIPELINED, Shape.PIPELINED, payloads);
    }

    private static Append single(String name, String what, int producers, Shape shape, Supplier<Payloads> payloads) {
        return new Append(name, what, Kind.SINGLE, 1, producers, shape, payloads);
    }

    /** Asks for nothing but limits, which measure themselves. */
    private record Limits() implements Workload {
        @Override
        public String name() {
            return SelfMeasured.LIMITS;
        }

        @Override
        public String description() {
            return "the disk by itself: appends with fdatasync, and one long write";
        }

        @Override
        public Kind kind() {
            return Kind.ALONE;
        }

        @Override
        public List<Row> run(Session session) {
            throw new IllegalStateException("Systems do not run this.");
        }
    }

    /**
     * Those that the names mean, in their own order: a whole name, or what comes before a hyphen for all that begin so.
     *
     * @throws IllegalArgumentException when one means none
     */
    static List<Workload> named(List<String> names, Settings settings) {
        List<Workload> all = all(settings);
        Set<Workload> chosen = new HashSet<>();
        for (String name : names) {
            List<Workload> found = all.stream()
                    .filter(workload -> means(name, workload.name()))
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("There is no workload " + name + ": choose among "
                        + String.join(", ", all.stream().map(Workload::name).toList()) + ".");
            }
            chosen.addAll(found);
        }
        return all.stream().filter(chosen::contains).toList();
    }

    /** Whether what somebody wrote means this workload. */
    static boolean means(String wanted, String workload) {
        String has = workload.toUpperCase(Locale.ROOT);
        String asked = wanted.toUpperCase(Locale.ROOT);
        return has.equals(asked) || has.startsWith(asked + "-");
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
