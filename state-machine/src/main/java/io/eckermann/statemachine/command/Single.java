package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;

/**
 * An operation that stands alone.
 *
 * @param operation anything but an append to one topic
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

    @Override
    public ByteString body() {
        if (operation instanceof Operation.ReplaceBody replace) {
            return replace.body();
        }
        return operation instanceof Operation.AppendMany many ? many.body() : ByteString.EMPTY;
    }
}
