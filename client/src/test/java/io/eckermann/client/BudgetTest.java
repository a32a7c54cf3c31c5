package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class BudgetTest {
    private static final Duration LONG = Duration.ofSeconds(100);

    private final Budget budget = new Budget(100);

    @Test
    void smallTakersDoNotOvertakeALargeOneThatWaits() throws Exception {
        assertThat(budget.take(50, Duration.ZERO)).isTrue();
        CompletableFuture<Boolean> large = waiting(80);
        assertThat(budget.take(10, Duration.ZERO)).isFalse();
        CompletableFuture<Boolean> small = waiting(20);
        assertThat(large).isNotDone();
        assertThat(small).isNotDone();
        budget.give(50);
        assertThat(large.get(50, TimeUnit.SECONDS)).isTrue();
        assertThat(small.get(50, TimeUnit.SECONDS)).isTrue();
        assertThat(budget.used()).isEqualTo(100);
    }

    @Test
    void aTakerThatGaveUpIsInNobodysWay() throws Exception {
        assertThat(budget.take(50, Duration.ZERO)).isTrue();
        assertThat(budget.take(80, Duration.ofMillis(1))).isFalse();
        assertThat(budget.take(50, Duration.ZERO)).isTrue();
        budget.give(100);
        assertThat(budget.take(1_000, Duration.ZERO)).as("alone").isTrue();
    }

    /** Takes on a thread of its own; returns once that one waits. */
    private CompletableFuture<Boolean> waiting(long bytes) {
        CompletableFuture<Boolean> taken = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                taken.complete(budget.take(bytes, LONG));
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        Await.until("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
        return taken;
    }
}
