package io.eckermann.statemachine.storage;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;

/** Turns values of rows into messages. */
public final class RowParser {
    private RowParser() {}

    /** Parses a value; what cannot be parsed is DATA_CORRUPT. */
    public static <M extends Message> M parse(Parser<M> parser, byte[] value) {
        try {
            return parser.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException(
                    ErrorCode.DATA_CORRUPT,
                    "A row of this node's index is damaged: let the node be rebuilt from its peers.",
                    e);
        }
    }
}
