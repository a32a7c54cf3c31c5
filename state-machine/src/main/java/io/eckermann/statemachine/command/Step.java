package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;

/** A part of a command that is applied as one, in the command's order. */
public sealed interface Step permits AppendRun, Single {
    /** How many results applying it gives. */
    int results();

    /** The bytes in it that may become bodies of chunks; empty when it brings none. */
    ByteString body();
}
