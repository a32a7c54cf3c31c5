package io.eckermann.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.bench.report.Metric;
import io.eckermann.bench.report.Row;
import io.eckermann.bench.system.Acknowledgement;
import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.EventSink;
import io.eckermann.bench.system.Following;
import io.eckermann.bench.system.Guard;
import io.eckermann.bench.system.ReadForm;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.SystemUnderTest;
import io.eckermann.bench.system.Tuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class RunnerTest {
    private static final Executor AFTER_A_WHILE = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private static final int CLIENTS_OF_A = 16;

    @TempDir
    Path directory;

    private final List<String> log = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();

    /** Acknowledges everything at once, and forgets a part of it or refuses a client if asked. */
    private final class FakeSystem implements SystemUnderTest {
        private final String name;
        private int clientsUntilRefusal = Integer.MAX_VALUE;
        private long forgotten;

        FakeSystem(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public String acknowledgement() {
            return "counted";
        }

        @Override
        public boolean supports(String workload) {
            return workload.equals(BOOKINGS) || SystemUnderTest.super.supports(workload);
        }

        @Override
        public RunningSystem start(Path directory) {
            log.add("start " + name);
            return new FakeRunning(this);
        }
    }

    private final class FakeRunning implements RunningSystem {
        private final FakeSystem system;
        private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

        FakeRunning(FakeSystem system) {
            this.system = system;
        }

        @Override
        public List<Long> pids() {
            return List.of();
        }

        @Override
        public void createTopics(List<String> topics) {
            for (String topic : topics) {
                assertThat(counts.put(topic, new LongAdder())).isNull();
            }
        }

        @Override
        public Connection connect(Tuning tuning) {
            if (system.clientsUntilRefusal-- == 0) {
                throw new IllegalStateException("no more clients");
            }
            return new FakeConnection(counts);
        }

        @Override
        public long count(String topic) {
            return counts.getOrDefault(topic, new LongAdder()).sum() - system.forgotten;
        }

        @Override
        public int leaderOf(String topic) {
            return 0;
        }

        @Override
        public void kill(int node) {}

        @Override
        public void close() {
            log.add("stop " + system.name);
        }
    }

    private record FakeConnection(Map<String, LongAdder> counts) implements Connection {
        @Override
        public Sender sender(String topic) {
            LongAdder count = counts.getOrDefault(topic, new LongAdder());
            return new Sender() {
                @Override
                public void send(byte[] payload, Acknowledgement acknowledgement) {
                    count.increment();
                    acknowledgement.done(null);
                }

                @Override
                public void close() {}
            };
        }

        /** Answers later, so that hundreds of producers do not keep the processor from the test. */
        @Override
        public Sender bookings(String topic, Guard guard, long seed) {
            Sender prompt = sender(topic);
            return new Sender() {
                @Override
                public void send(byte[] payload, Acknowledgement acknowledgement) {
                    AFTER_A_WHILE.execute(() -> prompt.send(payload, acknowledgement));
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public Following tail(String topic, EventSink sink) {
            return () -> {};
        }

        @Override
        public void read(String topic, ReadForm form, long events, EventSink sink) {}

        @Override
        public boolean reads(ReadForm form) {
            return false;
        }

        @Override
        public void close() {}
    }

    private List<Row> run(boolean fresh, int repeats, List<FakeSystem> systems, String... workloads) throws Exception {
        return run(fresh, repeats, systems, nothing -> {}, workloads);
    }

    private List<Row> run(
            boolean fresh, int repeats, List<FakeSystem> systems, Runner.Preparation preparation, String... workloads)
            throws Exception {
        Settings settings = new Settings(
                Duration.ofMillis(200),
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                repeats,
                fresh,
                List.of("y:A"),
                directory,
                1 << 14,
                "test-",
                1 << 20,
                List.of(1, 3),
                List.of(1),
                List.of(50L));
        return new Runner(settings, progress::add, preparation).run(systems, List.of(workloads), row -> {});
    }

    @Test
    void bookingsAreMeasuredWithAndWithoutAConditionOnAnEmptyTopicAndOnAFullOne() throws Exception {
        List<Row> rows = run(false, 1, List.of(new FakeSystem("x")), "G");

        assertThat(rows)
                .extracting(Row::workload)
                .startsWith("G-0-1-none", "G-0-1-query", "G-0-64-none")
                .endsWith("G-50-256-none", "G-50-256-query")
                .hasSize(12);
        assertThat(rows).allSatisfy(row -> assertThat(row.value(Metric.LOST)).hasValue(0));
    }

    @Test
    void workloadsOfOneKindShareAStartedSystemAndSayHowLongItWasLoaded() throws Exception {
        List<Row> rows = run(false, 1, List.of(new FakeSystem("x")), "A100", "A-random-1", "B");

        assertThat(rows).extracting(Row::workload).containsExactly("A-random-1", "A100", "B");
        assertThat(log).containsExactly("start x", "stop x", "start x", "stop x");
        assertThat(rows.get(0).value(Metric.OWN_LOAD)).hasValue(0.2);
        assertThat(rows.get(0).value(Metric.KIND_LOAD)).hasValue(0.2);
        assertThat(rows.get(1).value(Metric.OWN_LOAD)).hasValue(0.1);
        assertThat(rows.get(1).value(Metric.KIND_LOAD).orElse(0)).isGreaterThanOrEqualTo(0.4);
        assertThat(rows.get(2).value(Metric.KIND_LOAD)).hasValue(0.2);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.value(Metric.LOST)).hasValue(0);
            assertThat(row.value(Metric.RATE).orElse(0)).isPositive();
        });
    }

    @Test
    void systemsTakeTurnsAndNoneIsAlwaysFirst() throws Exception {
        run(false, 2, List.of(new FakeSystem("x"), new FakeSystem("y")), "B");

        assertThat(log)
                .containsExactly("start x", "stop x", "start y", "stop y", "start y", "stop y", "start x", "stop x");
    }

    @Test
    void whatIsToBeSkippedIsLeftOutOnThatSystemOnly() throws Exception {
        List<Row> rows = run(false, 1, List.of(new FakeSystem("x"), new FakeSystem("y")), "A-json-8", "A100");

        assertThat(rows)
                .extracting(row -> row.system() + " " + row.workload())
                .containsExactly("x A-json-8", "x A100", "y A100");
    }

    @Test
    void eachWorkloadIsStartedAfreshWhenAskedFor() throws Exception {
        List<Row> rows = run(true, 1, List.of(new FakeSystem("x")), "C", "B");

        assertThat(log).containsExactly("start x", "stop x", "start x", "stop x");
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.value(Metric.KIND_LOAD)).hasValue(0.2));
    }

    @Test
    void aFailureLeavesARowThatSaysWhyAndTheRestRunsOnAFreshSystem() throws Exception {
        FakeSystem system = new FakeSystem("x");
        system.clientsUntilRefusal = CLIENTS_OF_A;

        List<Row> rows = run(false, 1, List.of(system), "A-random-1", "A-json-1", "A100");

        assertThat(rows).extracting(Row::workload).containsExactly("A-random-1", "A-json-1", "A100");
        assertThat(rows.get(1).notes()).contains("not measured", "no more clients");
        assertThat(rows.get(2).value(Metric.OWN_LOAD)).hasValue(0.2);
        assertThat(log).containsExactly("start x", "stop x", "start x", "stop x");
    }

    @Test
    void whatWasAcknowledgedAndIsNotThereIsLost() throws Exception {
        FakeSystem system = new FakeSystem("x");
        system.forgotten = 3;

        assertThat(run(false, 1, List.of(system), "B").get(0).value(Metric.LOST))
                .hasValue(3);
    }

    @Test
    void curveOfWBeginsAtTheStart() throws Exception {
        Row row = run(false, 1, List.of(new FakeSystem("x")), "W").get(0);

        assertThat(row.timeline()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(row.value(Metric.RATE).orElse(0)).isPositive();
    }

    @Test
    void nothingIsLeftOnTheDisk() throws Exception {
        run(false, 1, List.of(new FakeSystem("x")), "B", "H-topics-3");

        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void nothingIsLeftOnTheDiskWhenTheMachineCannotBePreparedAgain() throws Exception {
        AtomicInteger prepared = new AtomicInteger();
        Runner.Preparation onlyOnce = nothing -> {
            if (prepared.getAndIncrement() > 0) {
                throw new IOException("no memory");
            }
        };

        assertThatThrownBy(() -> run(false, 1, List.of(new FakeSystem("x")), onlyOnce, "B"))
                .hasMessage("no memory");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void unknownWorkloadIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> run(false, 1, List.of(), "Z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Z")
                .hasMessageContaining("A-json-8");
    }
}
