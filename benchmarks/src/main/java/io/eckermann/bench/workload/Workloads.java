package io.eckermann.bench.workload;

import io.eckermann.bench.load.Payloads;
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

    private Workloads() {}

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
        return all;
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
