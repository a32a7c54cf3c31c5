package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AfterReadsTest {
    private final List<Runnable> handedOn = new ArrayList<>();
    private final AfterReads after = new AfterReads(handedOn::add);

    @Test
    void whatFollowsAReadIsDoneWhereThatWasDone() throws Exception {
        CompletableFuture<Thread> ran = new CompletableFuture<>();
        ReadThread reading = new ReadThread(() -> after.execute(() -> ran.complete(Thread.currentThread())), "reads");
        reading.start();
        assertThat(ran.get(30, TimeUnit.SECONDS)).isSameAs(reading);
        assertThat(handedOn).isEmpty();
    }

    @Test
    void allElseIsHandedOn() {
        List<Thread> ran = new ArrayList<>();
        after.execute(() -> ran.add(Thread.currentThread()));
        assertThat(ran).isEmpty();
        assertThat(handedOn).hasSize(1);
    }
}
