package io.eckermann.chaos.state;

import io.eckermann.statemachine.StateMachine;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that opens the state of a stopped node, and writes up to where it is applied, and its digest. */
public final class StateOf {
    private StateOf() {}

    /** Opens the state in the first directory that is named, and writes to the file that is named second. */
    public static void main(String[] arguments) throws Exception {
        try (StateMachine state = StateMachine.open(Path.of(arguments[0]))) {
            Files.writeString(
                    Path.of(arguments[1]),
                    "{:applied %d, :digest \"%s\"}%n".formatted(state.applied().index(), state.digest()));
        }
    }
}
