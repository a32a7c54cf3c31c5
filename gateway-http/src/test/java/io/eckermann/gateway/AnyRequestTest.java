package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any request is refused by a door's rules, or applied by two replicas with the same result: what cannot be applied never
 * reaches the log. {@code -Dfuzz.requests} sends more, {@code -Dfuzz.seed} others.
 */
class AnyRequestTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 10_000);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int LOOK_EVERY = 1_000;

    @Test
    void anyRequestIsRefusedOrAppliedAlikeByBothReplicas(@TempDir Path directory) throws Exception {
        assertThat(send(directory, new Random(SEED), REQUESTS, () -> true)).isGreaterThan(REQUESTS / 25);
    }

    /**
     * Sends what the dice say, as long as there is more; returns how many came through the doors' rules.
     *
     * @param directory for the replicas, empty
     */
    static long send(Path directory, Random random, int requests, BooleanSupplier more) throws Exception {
        try (TwinShard twins = new TwinShard(directory);
                AnyRequests any = new AnyRequests(twins.shard(), random)) {
            for (int i = 0; i < requests && more.getAsBoolean(); i++) {
                CompletableFuture<?> answer = any.sendOne();
                String which = "request " + i + " of seed " + SEED + ", " + any.last();
                StoreException refused = refusal(answer, which);
                assertThat(refused == null || refused.code() != ErrorCode.INTERNAL)
                        .as("%s: %s", which, refused)
                        .isTrue();
                if (i % LOOK_EVERY == 0) {
                    twins.assertTwins();
                }
            }
            twins.assertTwins();
            return twins.writes();
        }
    }

    /** What it was refused with; null when it was done. Anything but a refusal fails the test. */
    private static @Nullable StoreException refusal(CompletableFuture<?> answer, String which) {
        try {
            Object unused = answer.get(AnyRequests.TIMEOUT.toSeconds() * 3, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException refused) {
                return refused;
            }
            throw new AssertionError(which, e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(which, e);
        }
    }
}
