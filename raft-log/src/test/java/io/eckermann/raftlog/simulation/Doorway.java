package io.eckermann.raftlog.simulation;

import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What clients see of the cluster. */
interface Doorway {
    /** Asks whom it takes for the leader. The answer may come at once. */
    void call(Operation operation, Consumer<Answer> then);

    /** All that the leader has applied; null while there is none. */
    @Nullable
    ReadView read();
}
