package io.eckermann.bench.system;

import io.eckermann.client.AppendOptions;
import io.eckermann.client.AppendResult;
import io.eckermann.client.Appender;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.Query;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Bookings of courses by students, each an event with a type and a tag for either, of very many. One under a guard knows
 * the topic up to the head that the answer before it told; when it is refused because something came since, it is sent
 * again knowing that. Used by one thread.
 */
final class EckermannBookings implements Sender {
    private static final int COURSES = 100_000;
    private static final int STUDENTS = 1_000_000;
    private static final String DEFINED = "CourseDefined";
    private static final String BOOKED = "CourseBooked";

    private final EventStore store;
    private final String topic;
    private final Guard guard;
    private final Random random;
    private final Appender appender;
    /** Written by the client's threads; 0 until it is known. */
    private volatile long head;

    EckermannBookings(EventStore store, String topic, Guard guard, long seed) {
        this.store = store;
        this.topic = topic;
        this.guard = guard;
        this.random = new Random(seed);
        this.appender = store.appender(topic);
    }

    @Override
    public void send(byte[] payload, Acknowledgement acknowledgement) {
        String course = "course:" + random.nextInt(COURSES);
        String student = "student:" + random.nextInt(STUDENTS);
        Event booking = Event.builder()
                .type(BOOKED)
                .tags(List.of(course, student))
                .payload(payload)
                .build();
        if (guard == Guard.NONE) {
            var unused =
                    appender.append(booking).whenComplete((position, failure) -> acknowledgement.done(cause(failure)));
        } else {
            Query restsOn = Query.types(DEFINED, BOOKED)
                    .tags(course)
                    .or(Query.types(BOOKED).tags(student));
            decide(booking, restsOn, acknowledgement);
        }
    }

    private void decide(Event booking, Query restsOn, Acknowledgement acknowledgement) {
        AppendOptions nothingCame =
                AppendOptions.builder().failIfEventsMatch(restsOn, head).build();
        var unused = store.append(topic, List.of(booking), nothingCame).whenComplete((result, failure) -> {
            if (cause(failure) instanceof EckermannException.ConditionFailed refused) {
                head = refused.head();
                decide(booking, restsOn, acknowledgement);
            } else {
                told(result);
                acknowledgement.done(cause(failure));
            }
        });
    }

    private void told(@Nullable AppendResult result) {
        if (result != null) {
            head = result.head();
        }
    }

    private static @Nullable Throwable cause(@Nullable Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public void close() {
        appender.close();
    }
}
