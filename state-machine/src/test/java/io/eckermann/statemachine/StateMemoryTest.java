package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.StorageSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two states with one memory. */
final class StateMemoryTest {
    private static final long TAIL_BYTES = 4_000;

    @TempDir
    private Path directory;

    private long entries;

    private Result commit(StateMachine machine, Operation operation) throws Exception {
        CommandBuilder builder = new CommandBuilder();
        builder.add(operation);
        Result result = machine.apply(
                        new RaftIndex(1, entries++),
                        CommandCodec.decode(builder.build(1_000).bytes()))
                .get(0);
        TestStore.awaitVisible(machine);
        return result;
    }

    private long topic(StateMachine machine, int shard) throws Exception {
        return ((Result.TopicCreated) commit(machine, new Operation.CreateTopic("orders", TestStore.SETTINGS, shard)))
                .topicId();
    }

    @Test
    void theBusyStateHasWhatTheOtherLeavesAndEachClosesByItself() throws Exception {
        try (StateMemory memory = new StateMemory(new StorageSettings(1 << 20, 1 << 20, TAIL_BYTES));
                StateMachine busy = StateMachine.open(directory.resolve("busy"), memory)) {
            String payload = "x".repeat((int) TAIL_BYTES / 3);
            try (StateMachine quiet = StateMachine.open(directory.resolve("quiet"), memory)) {
                long here = topic(quiet, 0);
                long there = topic(busy, 1);
                commit(quiet, TestStore.append(here, null, payload));
                assertThat(memory.tail().read(here, 1, Long.MAX_VALUE)).isNotNull();
                commit(busy, TestStore.append(there, null, payload));
                assertThat(memory.tail().read(here, 1, Long.MAX_VALUE)).isNotNull();
                commit(busy, TestStore.append(there, null, payload));
                assertThat(memory.tail().read(here, 1, Long.MAX_VALUE)).isNull();
                assertThat(memory.tail().read(there, 1, Long.MAX_VALUE)).isNotNull();
                assertThat(quiet.view().indexFigures().blockCacheBytes())
                        .isEqualTo(busy.view().indexFigures().blockCacheBytes());
            }
            long there = busy.view().topic("orders").orElseThrow().id();
            commit(busy, TestStore.append(there, null, payload));
            busy.flush();
            assertThat(busy.view().topic(there).orElseThrow().head()).isEqualTo(3);
        }
    }
}
