package io.eckermann.statemachine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for entries to become visible. Whoever gives up, by failing the future, is forgotten.
 *
 * <p>Threads: safe from any.
 */
final class Waiters {
    private record Waiter(long index, long serial, CompletableFuture<Void> future) {}

    // Guarded by this.
    private final NavigableSet<Waiter> waiters =
            new TreeSet<>(Comparator.comparingLong(Waiter::index).thenComparingLong(Waiter::serial));
    private long serial;
    private long reached;
    private @Nullable Supplier<? extends RuntimeException> end;

    Waiters(long reached) {
        this.reached = reached;
    }

    /** Completes when {@link #reach} has come to the index; fails when it never will. */
    CompletableFuture<Void> waitFor(long index) {
        Waiter waiter;
        synchronized (this) {
            if (reached >= index) {
                return CompletableFuture.completedFuture(null);
            }
            if (end != null) {
                return CompletableFuture.failedFuture(end.get());
            }
            waiter = new Waiter(index, serial++, new CompletableFuture<>());
            waiters.add(waiter);
        }
        CompletableFuture<?> unused = waiter.future().whenComplete((nothing, given) -> {
            if (given != null) {
                forget(waiter);
            }
        });
        return waiter.future();
    }

    private synchronized void forget(Waiter waiter) {
        waiters.remove(waiter);
    }

    synchronized int count() {
        return waiters.size();
    }

    synchronized long reached() {
        return reached;
    }

    void reach(long index) {
        List<Waiter> done = new ArrayList<>();
        synchronized (this) {
            reached = index;
            while (!waiters.isEmpty() && waiters.first().index() <= index) {
                done.add(Objects.requireNonNull(waiters.pollFirst()));
            }
        }
        done.forEach(waiter -> waiter.future().complete(null));
    }

    /** Fails who waits, and who will; only the first reason counts. Everybody gets an exception of his own. */
    void end(Supplier<? extends RuntimeException> reason) {
        List<Waiter> lost;
        synchronized (this) {
            if (end == null) {
                end = reason;
            }
            lost = List.copyOf(waiters);
            waiters.clear();
        }
        lost.forEach(waiter -> waiter.future().completeExceptionally(reason.get()));
    }
}
