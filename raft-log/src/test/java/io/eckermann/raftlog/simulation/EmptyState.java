package io.eckermann.raftlog.simulation;

import io.eckermann.statemachine.StateMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A state of nothing, made once and copied: RocksDB takes long to make its families, and little to open them. */
final class EmptyState {
    private EmptyState() {}

    /** Lays one out for a state machine to open, of the template in a directory. */
    static synchronized void layOut(Path directory, Path to) throws IOException {
        Path template = directory.resolve("empty");
        if (!Files.exists(template)) {
            Path made = directory.resolve("empty.tmp");
            StateMachine.open(made).close();
            Path library = made.resolve("native");
            if (Files.exists(library)) {
                // It is loaded by now.
                DirectoryTree.delete(library);
            }
            Files.move(made, template);
        }
        CrashCopy.make(template, to);
    }
}
