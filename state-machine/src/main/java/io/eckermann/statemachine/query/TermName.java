package io.eckermann.statemachine.query;

import com.google.protobuf.ByteString;
import io.eckermann.statemachine.command.Particulars.Kind;
import org.jspecify.annotations.Nullable;

/** Names a term of a topic: two of different kinds may have the same text. */
record TermName(Kind kind, ByteString text) {
    // Written out: what records have of their own takes long to become fast, and this is asked for with every event.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TermName name && kind == name.kind && text.equals(name.text);
    }

    @Override
    public int hashCode() {
        return 31 * text.hashCode() + kind.code();
    }
}
