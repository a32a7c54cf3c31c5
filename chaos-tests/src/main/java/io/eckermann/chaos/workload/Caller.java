package io.eckermann.chaos.workload;

import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.History;
import io.eckermann.client.EventStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One process of the history after the other: when nobody knows how a call ended, its process is dead, and the next one
 * takes over. Used by one thread.
 */
public final class Caller {
    private static final AtomicInteger THREADS = new AtomicInteger();

    /** Processes of one thread are so far apart: none comes twice. */
    private static final int CONCURRENCY = 1000;

    private final History history;
    private final EventStore store;
    private final Choices choices;
    private int process = THREADS.getAndIncrement() % CONCURRENCY;

    public Caller(History history, EventStore store, Choices choices) {
        this.history = history;
        this.store = store;
        this.choices = choices;
    }

    public EventStore store() {
        return store;
    }

    public Choices choices() {
        return choices;
    }

    public int process() {
        return process;
    }

    public History history() {
        return history;
    }

    /** Calls what changes nothing: when it fails it has failed. */
    public <T> Optional<T> look(
            String operation, Object value, Callable<T> call, Function<T, ? extends @Nullable Object> found)
            throws InterruptedException {
        return call(operation, value, call, found, true);
    }

    /** Calls what changes something. */
    public <T> Optional<T> act(
            String operation, Object value, Callable<T> call, Function<T, ? extends @Nullable Object> found)
            throws InterruptedException {
        return call(operation, value, call, found, false);
    }

    private <T> Optional<T> call(
            String operation,
            Object value,
            Callable<T> call,
            Function<T, ? extends @Nullable Object> found,
            boolean changesNothing)
            throws InterruptedException {
        history.invoke(process, operation, value);
        T result;
        try {
            result = call.call();
        } catch (InterruptedException e) {
            history.complete("info", process, operation, value, Map.of());
            throw e;
        } catch (Exception e) {
            Outcome outcome = Outcome.of(e, changesNothing);
            history.complete(outcome.type(), process, operation, value, outcome.particulars());
            if (outcome.type().equals("info")) {
                process += CONCURRENCY;
            }
            return Optional.empty();
        }
        history.complete("ok", process, operation, found.apply(result), Map.of());
        return Optional.of(result);
    }
}
