package io.eckermann.statemachine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateMomentTest {
    @TempDir
    Path directory;

    private final BlockingQueue<StateMoment> moments = new LinkedBlockingQueue<>();

    @Test
    void markedStateIsThatOfItsEntryWhateverIsAppliedBesideIt() throws Exception {
        try (TestStore store = new TestStore(directory.resolve("a"));
                StateMachine other = TestStore.open(directory.resolve("b"))) {
            store.machine().onMark(moments::add);
            long topic = store.createTopic("orders");
            for (int i = 0; i < 200; i++) {
                store.append(5_000 + i, topic, "before " + i);
            }
            // In one entry with others, and with more right behind it.
            Result marked = store.commit(
                            6_000,
                            List.of(
                                    new Operation.MarkState(),
                                    TestStore.append(topic, null, "in the entry of the mark")))
                    .get(0);
            String then = store.machine().digest();
            for (int i = 0; i < 200; i++) {
                store.append(7_000 + i, topic, "behind " + i);
            }

            try (StateMoment moment = next()) {
                assertThat(marked).isEqualTo(new Result.StateMarked(moment.at().index()));
                assertThat(moment.digest(bytes -> true))
                        .isEqualTo(then)
                        .isNotEqualTo(store.machine().digest());
            }

            other.onMark(moments::add);
            store.replayInto(other);
            try (StateMoment moment = next()) {
                assertThat(moment.digest(bytes -> true)).isEqualTo(then);
            }
            assertThat(other.digest()).isEqualTo(store.machine().digest());
        }
    }

    @Test
    void digestEndsWhenItIsToldToAndWhenTheStateIsClosed() throws Exception {
        TestStore store = new TestStore(directory);
        store.machine().onMark(moments::add);
        long topic = store.createTopic("orders");
        for (int i = 0; i < 1_500; i++) {
            store.append(topic, "producer-" + "p".repeat(100) + i, 1, "text");
        }
        store.commit(6_000, new Operation.MarkState());
        store.append(6_500, topic, "so that one is written behind the other");
        store.commit(7_000, new Operation.MarkState());

        try (StateMoment first = next()) {
            assertThat(first.digest(bytes -> false)).isNull();
        }
        StateMoment second = next();
        Thread closing = new Thread(store::close);
        closing.start();
        try (second) {
            while (second.digest(bytes -> true) != null) {
                assertThat(closing.isAlive()).isTrue();
            }
        }
        closing.join();
    }

    private StateMoment next() throws InterruptedException {
        return requireNonNull(moments.poll(30, TimeUnit.SECONDS));
    }
}
