package io.eckermann.chaos.run;

import clojure.java.api.Clojure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a run that is kept was to do, read from its {@code test.edn}.
 *
 * @param test as it is there
 */
record KeptRun(Map<?, ?> test) {
    private static final long GAP_MS_BEFORE_IT_WAS_NOTED = 2_000;

    static KeptRun in(Path directory) throws IOException {
        return new KeptRun((Map<?, ?>) Clojure.read(Files.readString(directory.resolve("test.edn"))));
    }

    /** The last run of a seed. */
    static KeptRun ofSeed(Path store, long seed) throws IOException {
        List<Path> runs = List.of();
        if (Files.isDirectory(store)) {
            try (Stream<Path> all = Files.walk(store, 2)) {
                runs = all.filter(run -> Files.exists(run.resolve("test.edn")) && !Files.isSymbolicLink(run))
                        .sorted(Comparator.comparing((Path run) -> String.valueOf(run.getFileName()))
                                .reversed())
                        .toList();
            }
        }
        for (Path run : runs) {
            KeptRun kept = in(run);
            if (kept.number("seed", 0) == seed) {
                return kept;
            }
        }
        throw new NoSuchElementException("No run of seed " + seed + " is kept in " + store);
    }

    /** The same again, also its goals. */
    Plan plan() {
        return new Plan(
                String.valueOf(value("name")),
                number("seed", 0),
                Math.toIntExact(number("nodes", 0)),
                Math.toIntExact(number("meta-cuts", 0)),
                Math.toIntExact(number("flips", 0)),
                list("faults").stream().map(String::valueOf).toList(),
                Duration.ofMillis(number("hold-ms", 0)),
                Duration.ofMillis(number("gap-ms", GAP_MS_BEFORE_IT_WAS_NOTED)),
                list("goals").stream().map(KeptRun::goal).toList());
    }

    private static Goal goal(Object pair) {
        List<?> both = (List<?>) pair;
        return new Goal(String.valueOf(both.get(0)), ((Number) both.get(1)).longValue());
    }

    private Object value(String name) {
        return Objects.requireNonNull(test.get(Clojure.read(":" + name)), name);
    }

    private long number(String name, long otherwise) {
        return test.get(Clojure.read(":" + name)) instanceof Number number ? number.longValue() : otherwise;
    }

    private List<?> list(String name) {
        return test.get(Clojure.read(":" + name)) instanceof List<?> list ? list : List.of();
    }
}
