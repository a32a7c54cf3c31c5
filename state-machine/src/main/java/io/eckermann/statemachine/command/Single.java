package io.eckermann.statemachine.command;

/**
 * An operation that stands alone.
 *
 * @param operation anything but an append
 */
public record Single(Operation operation) implements Step {
    public Single {
        if (operation instanceof Operation.Append) {
            throw new IllegalArgumentException("An append is part of a run.");
        }
    }

    @Override
    public int results() {
        return 1;
    }
}
