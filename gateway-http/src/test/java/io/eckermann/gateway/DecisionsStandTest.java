package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.RecordedEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public consistency workload for Dynamic Consistency Boundaries: each event holds the query it was decided by, and
 * the last position that matched then. Afterwards the whole log must bear every decision out.
 */
class DecisionsStandTest {
    private static final int WRITERS = 20;
    private static final int TRIES_PER_WRITER = 60;

    @Test
    void noMatchingEventLiesBetweenADecisionAndItsEvent(@TempDir Path directory) throws Exception {
        try (DecidedTopic topic = new DecidedTopic(directory)) {
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                Random random = new Random(writer);
                done.add(writers.submit(() -> {
                    for (int i = 0; i < TRIES_PER_WRITER; i++) {
                        decide(topic, random);
                    }
                }));
            }
            for (Future<?> writer : done) {
                writer.get();
            }
            writers.shutdown();
            List<RecordedEvent> log = topic.read(Query.getDefaultInstance()).recorded();
            assertThat(log.size()).isGreaterThan(WRITERS);
            for (RecordedEvent event : log) {
                FailIfEventsMatch decision =
                        FailIfEventsMatch.parseFrom(event.getEvent().getPayload());
                assertThat(log)
                        .filteredOn(other -> other.getPosition() > decision.getAfter()
                                && other.getPosition() < event.getPosition()
                                && matches(decision.getQuery(), other.getEvent()))
                        .isEmpty();
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static void decide(DecidedTopic topic, Random random) {
        Query.Builder query = Query.newBuilder();
        for (int items = random.nextInt(4); items > 0; items--) {
            query.addItems(QueryItem.newBuilder()
                    .addAllTypes(some(random, "type", 4))
                    .addAllTags(some(random, "tag", 3))
                    .addTags("tag" + random.nextInt(10)));
        }
        List<RecordedEvent> found = topic.read(query.build()).recorded();
        long after = found.isEmpty() ? 0 : found.get(found.size() - 1).getPosition();
        FailIfEventsMatch decision =
                FailIfEventsMatch.newBuilder().setQuery(query).setAfter(after).build();
        ByteString payload = decision.toByteString();
        // Refused or not: the log must bear out what is in it.
        boolean unused = topic.append(
                DecidedTopic.event(payload, "type" + random.nextInt(10), some(random, "tag", 4)), query.build(), after);
    }

    private static List<String> some(Random random, String name, int below) {
        return random.ints(random.nextInt(below), 0, 10)
                .distinct()
                .mapToObj(number -> name + number)
                .toList();
    }

    private static boolean matches(Query query, Event event) {
        return query.getItemsCount() == 0
                || query.getItemsList().stream()
                        .anyMatch(item -> event.getTagsList().containsAll(item.getTagsList())
                                && (item.getTypesCount() == 0
                                        || item.getTypesList().contains(event.getType())));
    }
}
