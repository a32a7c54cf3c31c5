package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * Makes one command from many operations: appends to one topic are laid side by side, whatever came between them.
 * Used by one thread at a time.
 */
public final class CommandBuilder {
    /** Adds an operation; returns its number, from 0, which {@link Built#slots} maps to its result. */
    public int add(Operation operation) {
        throw new AssertionError(operation);
    }

    /** Roughly the bytes of the command so far. */
    public int sizeBytes() {
        throw new AssertionError();
    }

    /** How many operations were added. */
    public int operations() {
        throw new AssertionError();
    }

    /** Encodes the command. */
    public Built build(long leaderTimeNs) {
        throw new AssertionError(leaderTimeNs);
    }

    /**
     * An encoded command.
     *
     * @param bytes one contiguous array, for the Raft entry
     * @param slots for each operation in the order added, the place of its result in the list that apply returns
     */
    public record Built(ByteString bytes, List<Integer> slots) {}
}
