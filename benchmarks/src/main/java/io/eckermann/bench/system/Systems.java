package io.eckermann.bench.system;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The systems that can be measured: those of this module, and what is on the class path besides. */
public final class Systems {
    private Systems() {}

    /**
     * The ones of these names, in their order.
     *
     * @throws IllegalArgumentException when one is not there
     */
    public static List<Measured> named(List<String> names) {
        List<Measured> all = all();
        List<Measured> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(all.stream()
                    .filter(system -> system.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There is no system " + name + ", only "
                            + String.join(", ", all.stream().map(Measured::name).toList())
                            + ". Kafka is there in benchmarks/compare.")));
        }
        return chosen;
    }

    /** Every system that is on the class path. */
    public static List<Measured> all() {
        List<Measured> all = new ArrayList<>();
        all.add(new EckermannSystem());
        all.add(new EckermannSystem(2));
        all.add(new EckermannSystem(4));
        all.add(new RawRatisLimits());
        all.add(new DiskLimits());
        ServiceLoader.load(SystemUnderTest.class).forEach(all::add);
        return all;
    }
}
