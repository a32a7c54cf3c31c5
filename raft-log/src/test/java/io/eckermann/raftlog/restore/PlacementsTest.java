package io.eckermann.raftlog.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Single;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlacementsTest {
    @TempDir
    Path directory;

    @Test
    void aTopicThatTheFirstShardDoesNotKnowIsNamed() throws IOException {
        List<Path> states = List.of(directory.resolve("0"), directory.resolve("1"));
        apply(states.get(0), new Operation.PlaceTopic("orders", OptionalInt.of(0), 2));
        apply(states.get(1), new Operation.CreateTopic("clicks", TopicSettings.getDefaultInstance(), 1));

        Placements.requireOf(states.subList(1, 2));
        assertThatThrownBy(() -> Placements.requireOf(states))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Shard 1 has the topic clicks");

        apply(states.get(0), new Operation.PlaceTopic("clicks", OptionalInt.of(1), 2));
        Placements.requireOf(states);
    }

    @Test
    void theFirstShardIsToldOfTopicsThatItDoesNotKnow() throws IOException {
        List<Path> states = List.of(directory.resolve("0"), directory.resolve("1"), directory.resolve("2"));
        apply(states.get(0), new Operation.PlaceTopic("orders", OptionalInt.of(2), 3));
        apply(states.get(1), new Operation.CreateTopic("clicks", TopicSettings.getDefaultInstance(), 1));
        apply(states.get(2), new Operation.CreateTopic("orders", TopicSettings.getDefaultInstance(), 2));
        for (int time = 0; time < 2; time++) {
            Placements.complete(states);
            Placements.requireOf(states);
            try (StateMachine first = StateMachine.open(states.get(0))) {
                assertThat(first.applied()).isEqualTo(new RaftIndex(1, 0));
                assertThat(first.view().placement("clicks")).hasValue(1);
            }
        }

        apply(states.get(2), new Operation.CreateTopic("clicks", TopicSettings.getDefaultInstance(), 2));
        assertThatThrownBy(() -> Placements.complete(states))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the first shard has it in 1");
    }

    private static void apply(Path state, Operation operation) throws IOException {
        try (StateMachine machine = StateMachine.open(state)) {
            machine.apply(
                    new RaftIndex(1, machine.applied().index() + 1),
                    new Command(1_000, List.of(new Single(operation))));
        }
    }
}
