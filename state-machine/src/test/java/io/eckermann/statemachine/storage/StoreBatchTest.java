package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.statemachine.RaftIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Changes in memory over a store read like one sorted map, wherever the writing behind them is just then. */
class StoreBatchTest {
    private static final Family ROWS = Family.CURSORS;
    private static final int KEYS = 24;

    private enum Kind {
        PUT,
        PUT_FRESH,
        DELETE,
        DELETE_RANGE,
        SEAL,
        WRITE,
        WALK,
        WALK_AND_DELETE
    }

    private record Step(Kind kind, int key, int to, int value) {}

    @Property(tries = 60)
    void changesOverTheStoreReadLikeASortedMap(@ForAll("steps") List<Step> steps) throws IOException {
        Path directory = Files.createTempDirectory("batch");
        try (Store store = Store.open(directory.resolve("db"), StorageSettings.DEFAULTS)) {
            Run run = new Run(store);
            for (Step step : steps) {
                run.take(step);
                run.check();
            }
            run.writeAll();
            run.check();
            try (StoreReader reader = store.reader()) {
                assertThat(rows(reader, 0, KEYS)).isEqualTo(run.expected(0, KEYS));
            }
            assertThat(store.applied()).isEqualTo(new RaftIndex(1, run.sealed));
        } finally {
            DurableFiles.delete(directory);
        }
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, KEYS - 1),
                        Arbitraries.integers().between(0, KEYS),
                        Arbitraries.integers().between(0, 9))
                .as(Step::new);
        return step.list().ofMaxSize(80);
    }

    /** The batch and a plain map that gets the same changes. */
    private static final class Run {
        private final StoreBatch batch;
        private final NavigableMap<Integer, Integer> expected = new TreeMap<>();
        /** Keys that a row was ever put under: such a key is not fresh any more. */
        private final boolean[] used = new boolean[KEYS];

        private boolean underWay;
        private long sealed;

        Run(Store store) {
            batch = store.batch();
        }

        void take(Step step) {
            switch (step.kind()) {
                case PUT, PUT_FRESH -> put(step);
                case DELETE -> {
                    batch.delete(ROWS, key(step.key()));
                    expected.remove(step.key());
                }
                case DELETE_RANGE -> {
                    batch.deleteRange(ROWS, key(step.key()), key(step.to()));
                    if (step.key() < step.to()) {
                        expected.subMap(step.key(), step.to()).clear();
                    }
                }
                case SEAL -> seal();
                case WRITE -> write();
                case WALK -> assertThat(rows(batch, step.key(), step.to())).isEqualTo(expected(step.key(), step.to()));
                case WALK_AND_DELETE ->
                    batch.ascend(ROWS, key(step.key()), key(step.to()), (key, value) -> {
                        batch.delete(ROWS, key);
                        expected.remove((int) Key.longAt(key, 0));
                        return true;
                    });
            }
        }

        private void put(Step step) {
            if (step.kind() == Kind.PUT_FRESH && !used[step.key()]) {
                batch.putFresh(ROWS, key(step.key()), value(step.value()));
            } else {
                batch.put(ROWS, key(step.key()), value(step.value()));
            }
            used[step.key()] = true;
            expected.put(step.key(), step.value());
        }

        private void seal() {
            if (!underWay) {
                sealed++;
                batch.seal(new RaftIndex(1, sealed));
                underWay = true;
            }
        }

        private void write() {
            if (underWay) {
                batch.write();
                underWay = false;
            }
        }

        void writeAll() {
            write();
            seal();
            write();
        }

        void check() {
            for (int key = 0; key < KEYS; key++) {
                byte[] found = batch.find(ROWS, key(key));
                Integer value = expected.get(key);
                assertThat(found).as("row %s", key).isEqualTo(value == null ? null : value(value));
            }
            assertThat(rows(batch, 0, KEYS)).isEqualTo(expected(0, KEYS));
        }

        List<Integer> expected(int from, int to) {
            List<Integer> found = new ArrayList<>();
            if (from < to) {
                for (Map.Entry<Integer, Integer> row : expected.subMap(from, to).entrySet()) {
                    found.add(row.getKey());
                    found.add(row.getValue());
                }
            }
            return found;
        }
    }

    private static List<Integer> rows(RowReader reader, int from, int to) {
        List<Integer> found = new ArrayList<>();
        reader.ascend(ROWS, key(from), key(to), (key, value) -> {
            found.add((int) Key.longAt(key, 0));
            found.add((int) value[0]);
            return true;
        });
        return found;
    }

    private static byte[] key(int number) {
        return Key.of(number).bytes();
    }

    /** Of different lengths, so that a row's size changes. */
    private static byte[] value(int number) {
        byte[] value = new byte[1 + number];
        Arrays.fill(value, (byte) number);
        return value;
    }
}
