package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;

/** The durable format of commands (command.proto), and the form in which operations and results travel between nodes. */
public final class CommandCodec {
    private CommandCodec() {}

    /**
     * Decodes a Raft entry; bodies stay slices of it.
     *
     * @throws UnreadableCommandException when this version cannot know what the writer meant: the node must stop
     */
    public static Command decode(ByteString entry) throws UnreadableCommandException {
        throw new AssertionError(entry);
    }

    /** Encodes one operation, to hand it on to the leader. */
    public static ByteString encode(Operation operation) {
        throw new AssertionError(operation);
    }

    /** Decodes what {@link #encode(Operation)} made; malformed bytes are a StoreException BAD_REQUEST. */
    public static Operation decodeOperation(ByteString bytes) {
        throw new AssertionError(bytes);
    }

    /** Encodes a result, to send it back to the node that took the request. */
    public static ByteString encode(Result result) {
        throw new AssertionError(result);
    }

    /** Decodes what {@link #encode(Result)} made; malformed bytes are a StoreException INTERNAL. */
    public static Result decodeResult(ByteString bytes) {
        throw new AssertionError(bytes);
    }
}
