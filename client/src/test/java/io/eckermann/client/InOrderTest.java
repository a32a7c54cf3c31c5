package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class InOrderTest {
    @Test
    void tasksBehindOneThatThrowsRunAllTheSame() {
        ArrayDeque<Runnable> workers = new ArrayDeque<>();
        InOrder inOrder = new InOrder(workers::add);
        List<String> done = new ArrayList<>();
        inOrder.execute(() -> {
            throw new AssertionError("enough");
        });
        inOrder.execute(() -> done.add("second"));
        assertThat(catchThrowable(Objects.requireNonNull(workers.poll())::run)).hasMessage("enough");
        inOrder.execute(() -> done.add("third"));
        while (!workers.isEmpty()) {
            workers.remove().run();
        }
        assertThat(done).containsExactly("second", "third");
    }
}
