package io.eckermann.raftlog.simulation;

import java.util.function.Consumer;

/** A client's call that is under way. It is answered once: who has given up on it hears no more of it. */
final class Call {
    private final Consumer<Answer> then;
    private boolean ended;

    Call(Consumer<Answer> then) {
        this.then = then;
    }

    boolean isEnded() {
        return ended;
    }

    void end(Answer answer) {
        if (!ended) {
            ended = true;
            then.accept(answer);
        }
    }
}
