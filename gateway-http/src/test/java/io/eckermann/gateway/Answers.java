package io.eckermann.gateway;

import io.eckermann.protocol.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for futures, generously. */
public final class Answers {
    public static final Duration LONG = Duration.ofSeconds(60);

    private Answers() {}

    public static <T> T of(CompletableFuture<T> future) {
        try {
            return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    /** What the future failed with: a bare StoreException. */
    public static StoreException failureOf(CompletableFuture<?> future) {
        try {
            future.get(LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failure) {
                return failure;
            }
            throw new AssertionError("not a bare StoreException", e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
        throw new AssertionError("it did not fail");
    }

    /** Asks again and again until it is so. */
    public static void await(BooleanSupplier condition) {
        long endNanos = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > endNanos) {
                throw new AssertionError("still not so");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
