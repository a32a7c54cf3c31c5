package io.eckermann.statemachine.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.Particulars.Term;
import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.StorageSettings;
import io.eckermann.statemachine.storage.Store;
import io.eckermann.statemachine.storage.StoreBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What is in memory is found like what is in rows, whatever had to go for want of room, and costs the same steps. */
class RecentTermsTest {
    private static final int TOPICS = 2;
    private static final List<String> TAGS = List.of("x", "y", "z");

    /**
     * One append, and what is looked for then.
     *
     * @param back how far before the head
     * @param forgotten whether the topic's rows are said to change before that
     */
    record Step(
            int topic,
            int events,
            List<String> tags,
            boolean closes,
            int back,
            List<String> asked,
            boolean forgotten) {}

    @Property(tries = 15)
    void sameIsFoundAndItCostsTheSameSteps(@ForAll("steps") List<Step> steps) throws IOException {
        Path directory = Files.createTempDirectory("recent");
        try (Store store = Store.open(directory.resolve("db"), StorageSettings.DEFAULTS)) {
            StoreBatch batch = store.batch();
            RecentIndex recent = new RecentIndex(new RecentTerms(3_000), new RecentKeys());
            long[] heads = new long[TOPICS];
            for (Step step : steps) {
                EventIndex index = new EventIndex(batch, recent, step.topic());
                for (int k = 0; k < step.events(); k++) {
                    heads[step.topic()]++;
                    index.add(terms(step.tags()), heads[step.topic()], 1);
                    if (step.closes()) {
                        index.flush();
                    }
                }
                index.flush();
                if (step.forgotten()) {
                    recent.terms().forget(step.topic());
                }
                sameIsFound(batch, recent, step, heads[step.topic()]);
            }
        } finally {
            DurableFiles.delete(directory);
        }
    }

    private static void sameIsFound(StoreBatch batch, RecentIndex recent, Step step, long head) {
        Filter filter = Filter.of(Query.newBuilder()
                .addItems(QueryItem.newBuilder().addAllTags(step.asked()))
                .build());
        for (int stepsMax = 1; stepsMax < 12; stepsMax++) {
            Steps inMemory = Steps.atMost(stepsMax);
            Steps inRows = Steps.atMost(stepsMax);
            Search remembering = new Search(batch, recent.terms(), step.topic(), 1, head, inMemory);
            Search plain = new Search(batch, step.topic(), 1, head, inRows);
            long from = Math.max(1, head + 1 - step.back());
            assertThat(rising(remembering.forward(filter), from)).isEqualTo(rising(plain.forward(filter), from));
            assertThat(falling(remembering.backward(filter), from)).isEqualTo(falling(plain.backward(filter), from));
        }
    }

    /** Ends with -1 where it may not look any further. */
    private static List<Long> rising(Positions positions, long from) {
        List<Long> found = new ArrayList<>();
        try {
            for (long at = positions.seek(from); at != Positions.NONE_HIGHER; at = positions.seek(at + 1)) {
                found.add(at);
            }
        } catch (Steps.SpentException e) {
            found.add(-1L);
        }
        return found;
    }

    private static List<Long> falling(Positions positions, long from) {
        List<Long> found = new ArrayList<>();
        try {
            for (long at = positions.seek(from); at != Positions.NONE_LOWER; at = positions.seek(at - 1)) {
                found.add(at);
            }
        } catch (Steps.SpentException e) {
            found.add(-1L);
        }
        return found;
    }

    private static List<Term> terms(List<String> tags) {
        return tags.stream()
                .map(tag -> new Term(Kind.TAG, ByteString.copyFromUtf8(tag), List.of()))
                .toList();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<List<String>> tags =
                Arbitraries.of(TAGS).set().ofMinSize(1).ofMaxSize(2).map(List::copyOf);
        return Combinators.combine(
                        Arbitraries.integers().between(0, TOPICS - 1),
                        Arbitraries.integers().between(1, 4),
                        tags,
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 9),
                        tags,
                        Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true)))
                .as(Step::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }
}
