package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OutgoingTest {
    private final Outgoing outgoing = new Outgoing(64 << 10);

    @Test
    void whoMakesMoreWaitsUntilSomeWasMoved() throws Exception {
        outgoing.take(40 << 10);
        CompletableFuture<Void> second = taking(40 << 10);
        assertThat(second).isNotDone();
        outgoing.giveBack(40 << 10);
        second.get(30, TimeUnit.SECONDS);
    }

    @Test
    void moreThanMayBeThereAtAllComesAlone() throws Exception {
        outgoing.take(1 << 20);
        CompletableFuture<Void> second = taking(2 << 20);
        assertThat(second).isNotDone();
        outgoing.giveBack(1 << 20);
        second.get(30, TimeUnit.SECONDS);
        outgoing.giveBack(2 << 20);
        outgoing.take(64 << 10);
    }

    /** Returns once whoever takes waits, or has it. */
    private CompletableFuture<Void> taking(int bytes) throws InterruptedException {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                outgoing.take(bytes);
                taken.complete(null);
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING && !taken.isDone()) {
            Thread.onSpinWait();
        }
        return taken;
    }
}
