package io.eckermann.chaos.workload;

import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.Step;
import io.eckermann.client.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * W8: appends to several topics at once, and a loop that consumes one topic and produces into another, run twice at once. A
 * step is {@code [:step [[k [numbers]] …]]}, and when it is done {@code [:step [[k [[position number] …]] …]]}. A turn of the
 * loop is {@code [:turn n]}: it moves the cursor from n - 1 to n and appends n in the same step.
 */
public final class StepWorkload implements Workload {
    private static final int TOPICS = 3;
    private static final int THREADS = 2;
    private static final int LOOPS = 2;
    private static final String DONE = "many-done";
    private static final String LOOP = "loop";

    private final AtomicLong numbers = new AtomicLong();
    private final List<String> topics =
            IntStream.rangeClosed(1, TOPICS).mapToObj(i -> "many-" + i).toList();

    @Override
    public String name() {
        return "W8 steps";
    }

    @Override
    public void prepare(EventStore store) {
        for (String topic : topics()) {
            store.topics().create(topic).join();
        }
    }

    @Override
    public List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            turns.add(this::step);
        }
        for (int i = 0; i < LOOPS; i++) {
            turns.add(this::turn);
        }
        return turns;
    }

    private void step(Caller caller) throws InterruptedException {
        int left = caller.choices().below(TOPICS + 1);
        Step.Builder step = Step.builder();
        List<List<Object>> value = new ArrayList<>();
        for (int i = 0; i < TOPICS; i++) {
            if (i != left) {
                List<Long> batch = new ArrayList<>();
                List<Event> events = new ArrayList<>();
                for (int k = caller.choices().between(1, 4); k > 0; k--) {
                    long number = numbers.incrementAndGet();
                    batch.add(number);
                    events.add(Event.of(Long.toString(number)));
                }
                step.append(topics.get(i), events);
                value.add(List.of(topics.get(i), batch));
            }
        }
        Optional<StepResult> unused = caller.act(
                "step", value, () -> caller.store().append(step.build()).join(), done -> placed(value, done));
    }

    private static List<List<Object>> placed(List<List<Object>> value, StepResult done) {
        return value.stream()
                .map(part -> {
                    String topic = (String) part.get(0);
                    List<?> batch = (List<?>) part.get(1);
                    long first = done.appended(topic).first();
                    return List.<Object>of(
                            topic,
                            IntStream.range(0, batch.size())
                                    .mapToObj(i -> List.of(first + i, batch.get(i)))
                                    .toList());
                })
                .toList();
    }

    /** Who is refused because the other one was faster looks again. */
    private void turn(Caller caller) throws InterruptedException {
        Optional<Long> seen = caller.look(
                "turn-read",
                List.of(),
                () -> caller.store().cursors().position(LOOP, topics.get(0)).join(),
                position -> position);
        if (seen.isEmpty()) {
            return;
        }
        long from = seen.get();
        Step step = Step.builder()
                .moveCursor(LOOP, topics.get(0), from, from + 1)
                .append(DONE, Event.of(Long.toString(from + 1)))
                .build();
        Optional<StepResult> unused =
                caller.act("turn", from + 1, () -> caller.store().append(step).join(), done -> from + 1);
    }

    @Override
    public void drain(Caller caller) throws InterruptedException {
        Optional<Long> unused = caller.look(
                "turns-done",
                List.of(),
                () -> caller.store().cursors().position(LOOP, topics.get(0)).join(),
                position -> position);
    }

    @Override
    public List<String> topics() {
        List<String> all = new ArrayList<>(topics);
        all.add(DONE);
        return all;
    }
}
