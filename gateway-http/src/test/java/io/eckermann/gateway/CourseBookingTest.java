package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadStream;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.CreateTopicRequest;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of the Dynamic Consistency Boundary: a course has a capacity, a student may be in so many courses, and both
 * rules hold though nothing is locked. Whoever decides says which events the decision rests on.
 */
class CourseBookingTest {
    private static final int WRITERS = 50;
    private static final int TRIES_PER_WRITER = 12;
    private static final int COURSES = 8;
    private static final int STUDENTS = 30;
    private static final int CAPACITY = 9;
    private static final int COURSES_PER_STUDENT_MAX = 3;

    private static final String DEFINED = "CourseDefined";
    private static final String SUBSCRIBED = "StudentSubscribed";

    private final Threads threads = new Threads();
    private final StoredShard stored;
    private final AppendHandler appends;
    private final ReadHandler reads;

    CourseBookingTest(@TempDir Path directory) {
        stored = new StoredShard(directory);
        appends = new AppendHandler(stored.shard(), threads.reads, Idempotency.USUAL);
        reads = new ReadHandler(stored.shard(), threads.reads, threads.reads, threads.timer);
        Answers.of(new TopicHandler(stored.shard(), threads.reads)
                .create(CreateTopicRequest.newBuilder().setName("courses").build(), Answers.LONG));
    }

    @AfterEach
    void stop() {
        threads.close();
        Answers.await(threads::stopped);
        stored.close();
    }

    @Test
    void fiftyWritersNeverOverbook() throws InterruptedException, ExecutionException {
        for (int course = 0; course < COURSES; course++) {
            append(event(DEFINED, "course:" + course), Query.getDefaultInstance(), course);
        }
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<?>> done = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = writer;
            done.add(writers.submit(() -> {
                for (int i = 0; i < TRIES_PER_WRITER; i++) {
                    book((first * 7 + i * 11) % STUDENTS, (first + i) % COURSES);
                }
            }));
        }
        for (Future<?> writer : done) {
            writer.get();
        }
        writers.shutdown();
        List<Event> log = read(Query.getDefaultInstance()).events();
        assertThat(log.size()).isGreaterThan(COURSES + COURSES_PER_STUDENT_MAX);
        for (int course = 0; course < COURSES; course++) {
            assertThat(count(log, SUBSCRIBED, "course:" + course)).isLessThanOrEqualTo(CAPACITY);
        }
        for (int student = 0; student < STUDENTS; student++) {
            assertThat(count(log, SUBSCRIBED, "student:" + student)).isLessThanOrEqualTo(COURSES_PER_STUDENT_MAX);
        }
        assertThat(log.stream()
                        .filter(event -> event.getType().equals(SUBSCRIBED))
                        .map(Event::getTagsList))
                .doesNotHaveDuplicates();
        // As many as the rules allow: the students' limit is what there is less of.
        assertThat(log.stream()
                        .filter(event -> event.getType().equals(SUBSCRIBED))
                        .count())
                .isGreaterThanOrEqualTo(COURSES * CAPACITY / 2);
    }

    /** Reads what the decision rests on, decides, and appends if that has not changed; begins again if it has. */
    private void book(int student, int course) {
        String ofCourse = "course:" + course;
        String ofStudent = "student:" + student;
        Query decisionRestsOn = Query.newBuilder()
                .addItems(QueryItem.newBuilder()
                        .addTypes(DEFINED)
                        .addTypes(SUBSCRIBED)
                        .addTags(ofCourse))
                .addItems(QueryItem.newBuilder().addTypes(SUBSCRIBED).addTags(ofStudent))
                .build();
        boolean decided = false;
        while (!decided) {
            Found found = read(decisionRestsOn);
            boolean mayBook = count(found.events(), DEFINED, ofCourse) == 1
                    && count(found.events(), SUBSCRIBED, ofCourse) < CAPACITY
                    && count(found.events(), SUBSCRIBED, ofStudent) < COURSES_PER_STUDENT_MAX
                    && found.events().stream()
                            .noneMatch(event -> event.getTagsList().containsAll(List.of(ofCourse, ofStudent)));
            decided = !mayBook || append(event(SUBSCRIBED, ofCourse, ofStudent), decisionRestsOn, found.head());
        }
    }

    private boolean append(Event event, Query query, long after) {
        Condition condition = Condition.newBuilder()
                .setFailIfEventsMatch(
                        FailIfEventsMatch.newBuilder().setQuery(query).setAfter(after))
                .build();
        AppendRequest request = AppendRequest.newBuilder()
                .setTopic("courses")
                .setEvents(Events.newBuilder().addEvents(event))
                .addConditions(condition)
                .build();
        CompletableFuture<Boolean> accepted = appends.append(request, Answers.LONG)
                .handle((response, failure) -> {
                    if (failure == null) {
                        return true;
                    }
                    StoreException refused = Failures.storeException(failure);
                    assertThat(refused.code()).isEqualTo(ErrorCode.CONDITION_FAILED);
                    return false;
                });
        return Answers.of(accepted);
    }

    private record Found(List<Event> events, long head) {}

    private Found read(Query query) {
        ReadRequest request =
                ReadRequest.newBuilder().setTopic("courses").setQuery(query).build();
        List<Event> events = new ArrayList<>();
        long head = 0;
        try (ReadStream stream = Answers.of(reads.open(request, Answers.LONG))) {
            for (Optional<ReadFrame> frame = Answers.of(stream.next());
                    frame.isPresent();
                    frame = Answers.of(stream.next())) {
                head = Math.max(head, frame.get().getCaughtUp().getHead());
                frame.get().getEvents().getEventsList().stream()
                        .map(RecordedEvent::getEvent)
                        .forEach(events::add);
            }
        }
        return new Found(events, head);
    }

    private static long count(List<Event> events, String type, String tag) {
        return events.stream()
                .filter(event ->
                        event.getType().equals(type) && event.getTagsList().contains(tag))
                .count();
    }

    private static Event event(String type, String... tags) {
        return Event.newBuilder()
                .setPayload(ByteString.copyFromUtf8("{}"))
                .setType(type)
                .addAllTags(List.of(tags))
                .build();
    }
}
