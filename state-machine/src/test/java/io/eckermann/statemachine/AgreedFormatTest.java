package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandBuilder;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Single;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgreedFormatTest {
    private static final int LATER = CommandCodec.FORMAT_NEWEST + 1;

    @TempDir
    Path directory;

    @Test
    void whatWasAgreedOnStaysAndNeverFalls() throws IOException {
        try (StateMachine state = StateMachine.open(directory.resolve("a"));
                StateMachine other = StateMachine.open(directory.resolve("b"))) {
            assertThat(state.view().agreedFormat()).isEqualTo(CommandCodec.FORMAT_FIRST);
            raise(state, 1, LATER + 1);
            raise(state, 2, LATER);
            assertThat(state.view().agreedFormat()).isEqualTo(LATER + 1);
            raise(other, 1, LATER + 1);
            other.skip(new RaftIndex(1, 2));
            assertThat(other.digest()).isEqualTo(state.digest());
        }
    }

    @Test
    void aVersionThatKnowsLessStopsThereByName() throws IOException {
        CommandBuilder command = new CommandBuilder();
        int unused = command.add(new Operation.RaiseFormat(LATER));
        assertThatThrownBy(() -> CommandCodec.decode(command.build(1).bytes()))
                .isInstanceOf(UnreadableCommandException.class)
                .hasMessageContaining("agreed on commands of format 5, this version knows up to 4");

        Path incoming;
        try (StateMachine state = StateMachine.open(directory.resolve("a"))) {
            raise(state, 1, LATER);
            incoming = Files.createDirectories(directory.resolve("b/incoming"));
            state.takeSnapshot();
            state.linkLatestSnapshot(incoming);
        }
        try (StateMachine other = StateMachine.open(directory.resolve("b"))) {
            assertThatThrownBy(() -> other.accept(incoming)).hasStackTraceContaining("agreed on commands of format 5");
            assertThat(other.applied()).isEqualTo(RaftIndex.NONE);
        }
        assertThatThrownBy(() -> StateMachine.open(directory.resolve("a")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("agreed on commands of format 5")
                .hasMessageContaining("start the version that this node had before");
    }

    @Test
    void eachOperationTellsWhatItsReaderMustKnow() {
        assertThat(CommandCodec.formatOf(new Operation.DeleteTopic(1))).isEqualTo(1);
        assertThat(CommandCodec.formatOf(TestStore.append(1, null, "a"))).isEqualTo(1);
        assertThat(CommandCodec.formatOf(new Operation.RetainTopic(1))).isEqualTo(3);
        assertThat(CommandCodec.formatOf(new Operation.CreateTopic("a", TopicSettings.getDefaultInstance(), 1)))
                .isEqualTo(4);
        assertThat(CommandCodec.formatOf(new Operation.RaiseFormat(LATER))).isEqualTo(CommandCodec.FORMAT_FIRST);
    }

    private static void raise(StateMachine state, long index, int format) {
        state.apply(
                new RaftIndex(1, index), new Command(1_000, List.of(new Single(new Operation.RaiseFormat(format)))));
        TestStore.awaitVisible(state);
    }
}
