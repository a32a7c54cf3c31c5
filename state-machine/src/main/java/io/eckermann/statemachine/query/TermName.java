package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Particulars.Kind;

/** Names a term of a topic: two of different kinds may have the same text. */
record TermName(Kind kind, ByteString text) {}
