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
    public static List<SystemUnderTest> named(List<String> names) {
        List<SystemUnderTest> all = all();
        List<SystemUnderTest> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(all.stream()
                    .filter(system -> system.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("There is no system " + name + ", only "
                            + String.join(
                                    ", ",
                                    all.stream().map(SystemUnderTest::name).toList())
                            + ". Kafka is there in benchmarks/compare.")));
        }
        return chosen;
    }

    /** Every system that is on the class path. */
    public static List<SystemUnderTest> all() {
        List<SystemUnderTest> all = new ArrayList<>();
        all.add(new EckermannSystem());
        ServiceLoader.load(SystemUnderTest.class).forEach(all::add);
        return all;
    }
}
