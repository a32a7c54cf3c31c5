package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private final DecidedTopic topic;

    CourseBookingTest(@TempDir Path directory) {
        topic = new DecidedTopic(directory);
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    @Test
    void fiftyWritersNeverOverbook() throws InterruptedException, ExecutionException {
        for (int course = 0; course < COURSES; course++) {
            topic.append(event(DEFINED, "course:" + course), Query.getDefaultInstance(), course);
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
        List<Event> log = topic.read(Query.getDefaultInstance()).events();
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
            DecidedTopic.Found found = topic.read(decisionRestsOn);
            boolean mayBook = count(found.events(), DEFINED, ofCourse) == 1
                    && count(found.events(), SUBSCRIBED, ofCourse) < CAPACITY
                    && count(found.events(), SUBSCRIBED, ofStudent) < COURSES_PER_STUDENT_MAX
                    && found.events().stream()
                            .noneMatch(event -> event.getTagsList().containsAll(List.of(ofCourse, ofStudent)));
            decided = !mayBook || topic.append(event(SUBSCRIBED, ofCourse, ofStudent), decisionRestsOn, found.head());
        }
    }

    private static long count(List<Event> events, String type, String tag) {
        return events.stream()
                .filter(event ->
                        event.getType().equals(type) && event.getTagsList().contains(tag))
                .count();
    }

    private static Event event(String type, String... tags) {
        return DecidedTopic.event(ByteString.copyFromUtf8("{}"), type, List.of(tags));
    }
}
