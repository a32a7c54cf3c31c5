package io.eckermann.client.example;

import io.eckermann.client.AppendOptions;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.Query;
import io.eckermann.client.ReadListener;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Courses have a capacity, and a student may take so many courses: two rules, about two entities, and each booking must
 * keep both. Nothing is locked and no entity owns a booking. Whoever decides reads the events that the decision rests on,
 * and appends under the condition that no other such event has come since; if one has, it reads again.
 *
 * <p>Fifty students' hands book at once. At the end the program reads the whole topic, counts, and fails if any rule was
 * broken.
 */
public final class CourseBooking {
    private static final int WRITERS = 50;
    private static final int TRIES_PER_WRITER = 12;
    private static final int COURSES = 8;
    private static final int STUDENTS = 30;
    private static final int CAPACITY = 9;
    private static final int COURSES_PER_STUDENT_MAX = 3;

    private static final String DEFINED = "CourseDefined";
    private static final String BOOKED = "CourseBooked";

    private final EventStore store;
    private final String topic;
    private final AtomicLong decidedAgain = new AtomicLong();

    private CourseBooking(EventStore store, String topic) {
        this.store = store;
        this.topic = topic;
    }

    /** What a decision rests on: the events that matter, and how far the topic was read for them. */
    private record Known(List<Event> events, long head) {
        long count(String type, String tag) {
            return events.stream()
                    .filter(event -> event.type().equals(type) && event.tags().contains(tag))
                    .count();
        }
    }

    /** What became of a wish to book. */
    private enum Outcome {
        BOOKED,
        BOOKED_BEFORE,
        COURSE_FULL,
        STUDENT_HAS_ENOUGH
    }

    /**
     * Books, counts, and says what came of it.
     *
     * @param arguments where a node's gRPC door is, {@code host:port}; else the first node of {@code eckermann up}
     */
    public static void main(String[] arguments) throws Exception {
        String endpoints = arguments.length > 0 ? arguments[0] : EventStore.DEFAULT_ENDPOINT;
        try (EventStore store = EventStore.connect(endpoints)) {
            String topic = "courses-" + Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
            store.topics().create(topic).join();
            CourseBooking booking = new CourseBooking(store, topic);
            booking.defineCourses();
            Map<Outcome, Long> outcomes = booking.bookAllAtOnce();
            System.out.println(WRITERS + " writers in topic " + topic + ": " + outcomes);
            System.out.println(
                    booking.decidedAgain + " decisions were made again, because events came that they rest on");
            List<String> broken = booking.brokenRules();
            System.out.println(broken.isEmpty() ? "no course and no student is overbooked" : "BROKEN: " + broken);
            if (!broken.isEmpty()) {
                System.exit(1);
            }
        }
    }

    private void defineCourses() {
        for (int course = 0; course < COURSES; course++) {
            // Whoever runs first defines it: no event of the type and tag may be there, in the whole topic.
            Query same = Query.types(DEFINED).tags(course(course));
            AppendOptions once =
                    AppendOptions.builder().failIfEventsMatch(same, 0).build();
            Event defined = Event.builder()
                    .type(DEFINED)
                    .tag(course(course))
                    .payload("{\"capacity\":" + CAPACITY + "}")
                    .build();
            store.append(topic, List.of(defined), once).join();
        }
    }

    private Map<Outcome, Long> bookAllAtOnce() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
        List<Future<List<Outcome>>> working = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            Random wishes = new Random(writer);
            working.add(writers.submit(() -> {
                List<Outcome> outcomes = new ArrayList<>();
                for (int i = 0; i < TRIES_PER_WRITER; i++) {
                    outcomes.add(book(student(wishes.nextInt(STUDENTS)), course(wishes.nextInt(COURSES))));
                }
                return outcomes;
            }));
        }
        Map<Outcome, Long> outcomes = new TreeMap<>();
        for (Future<List<Outcome>> writer : working) {
            writer.get().forEach(outcome -> outcomes.merge(outcome, 1L, Long::sum));
        }
        writers.shutdown();
        return outcomes;
    }

    /** Decides until a decision is taken that nothing has come in the way of. */
    private Outcome book(String student, String course) {
        // The course's capacity and its bookings, and the student's bookings of whatever course.
        Query restsOn =
                Query.types(DEFINED, BOOKED).tags(course).or(Query.types(BOOKED).tags(student));
        while (true) {
            Known known = read(restsOn);
            if (known.events().stream().anyMatch(event -> event.tags().containsAll(List.of(student, course)))) {
                return Outcome.BOOKED_BEFORE;
            }
            if (known.count(BOOKED, course) >= CAPACITY) {
                return Outcome.COURSE_FULL;
            }
            if (known.count(BOOKED, student) >= COURSES_PER_STUDENT_MAX) {
                return Outcome.STUDENT_HAS_ENOUGH;
            }
            Event booked = Event.builder()
                    .type(BOOKED)
                    .tags(List.of(student, course))
                    .payload("{}")
                    .build();
            AppendOptions nothingCame = AppendOptions.builder()
                    .failIfEventsMatch(restsOn, known.head())
                    .build();
            try {
                store.append(topic, List.of(booked), nothingCame).join();
                return Outcome.BOOKED;
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof EckermannException.ConditionFailed)) {
                    throw e;
                }
                decidedAgain.incrementAndGet();
            }
        }
    }

    private Known read(Query query) {
        long[] head = new long[1];
        List<Event> events = new ArrayList<>();
        // Hears on this thread how far the topic was read: behind that, anything may have come.
        ReadListener atEnd = new ReadListener() {
            @Override
            public void caughtUp(long headNow, long next, boolean complete) {
                head[0] = headNow;
            }
        };
        try (EventStream found =
                store.open(topic, ReadOptions.builder().query(query).build(), atEnd)) {
            while (found.hasNext()) {
                events.add(found.next().event());
            }
        }
        return new Known(events, head[0]);
    }

    /** Counts over the whole topic, as somebody who was not there. */
    private List<String> brokenRules() {
        Map<String, Integer> bookings = new TreeMap<>();
        try (EventStream all = store.open(topic, ReadOptions.ALL)) {
            while (all.hasNext()) {
                RecordedEvent recorded = all.next();
                if (recorded.event().type().equals(BOOKED)) {
                    recorded.event().tags().forEach(tag -> bookings.merge(tag, 1, Integer::sum));
                    bookings.merge(String.join(" in ", recorded.event().tags()), 1, Integer::sum);
                }
            }
        }
        bookings.entrySet().removeIf(counted -> counted.getValue() <= allowed(counted.getKey()));
        return bookings.entrySet().stream()
                .map(counted -> counted.getKey() + ": " + counted.getValue())
                .toList();
    }

    private static int allowed(String counted) {
        if (counted.contains(" in ")) {
            return 1;
        }
        return counted.startsWith("course:") ? CAPACITY : COURSES_PER_STUDENT_MAX;
    }

    private static String course(int number) {
        return "course:c" + number;
    }

    private static String student(int number) {
        return "student:s" + number;
    }
}
