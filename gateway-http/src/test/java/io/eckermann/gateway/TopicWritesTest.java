package io.eckermann.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TopicWritesTest {
    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void writesOfOneThreadKeepTheirOrderWhileTheirTopicIsLookedUp() {
        memory.newTopic("orders");
        memory.hideUntilBarrier("orders");
        TopicWrites writes = new TopicWrites(memory.shard(), threads.reads);

        List<CompletableFuture<Result.Done>> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(write(writes, i));
        }
        all.forEach(Answers::of);

        assertThat(consumers())
                .containsExactlyElementsOf(
                        IntStream.range(0, 1_000).mapToObj(i -> "c" + i).toList());
    }

    @Test
    void callerNeverWaitsForTheView() {
        memory.newTopic("orders");
        CountDownLatch gate = new CountDownLatch(1);
        ReadView heldBack = (ReadView) Proxy.newProxyInstance(
                ReadView.class.getClassLoader(), new Class<?>[] {ReadView.class}, (proxy, method, arguments) -> {
                    // Only what touches no disk may be asked on the caller's thread.
                    if (!method.getName().equals("settingsChanges")) {
                        gate.await();
                    }
                    return method.invoke(memory, arguments);
                });
        TopicWrites writes = new TopicWrites(new Shard(heldBack, memory.heads, memory, memory), threads.reads);

        CompletableFuture<Result.Done> first = write(writes, 0);
        CompletableFuture<Result.Done> second = write(writes, 1);
        assertThat(first).isNotDone();

        gate.countDown();
        Answers.of(first);
        Answers.of(second);
        assertThat(consumers()).containsExactly("c0", "c1");
    }

    private List<String> consumers() {
        return memory.submitted.stream()
                .map(operation -> ((Operation.CommitCursor) operation).consumer())
                .toList();
    }

    private static CompletableFuture<Result.Done> write(TopicWrites writes, int number) {
        return writes.submit(
                        "orders",
                        Deadline.after(Answers.LONG),
                        Result.CursorCommitted.class,
                        topic -> new Operation.CommitCursor(topic.id(), "c" + number, 0, OptionalLong.empty(), false))
                .thenApply(committed -> new Result.Done());
    }
}
