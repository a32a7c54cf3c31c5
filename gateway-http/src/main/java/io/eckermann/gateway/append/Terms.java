package io.eckermann.gateway.append;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ChunkFacts;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.TermCollector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what the events of one append are to be found; makes nothing while there is none. Used once, by one thread. */
final class Terms implements ChunkFacts.Terms {
    private @Nullable TermCollector found;

    @Override
    public void type(int event, ByteString text) {
        add(Kind.TYPE, event, text);
    }

    @Override
    public void key(int event, ByteString text) {
        add(Kind.KEY, event, text);
    }

    @Override
    public void tag(int event, ByteString text) {
        add(Kind.TAG, event, text);
    }

    @Override
    public void again() {
        found = null;
    }

    private void add(Kind kind, int event, ByteString text) {
        TermCollector collector = found;
        if (collector == null) {
            collector = new TermCollector();
            found = collector;
        }
        collector.add(kind, event, text);
        if (collector.sizeBytes() > Limits.INDEX_BYTES_MAX) {
            throw new StoreException(
                            ErrorCode.APPEND_TOO_LARGE,
                            "The events' types, keys and tags are together too large for one append: send several.")
                    .with("bytes_max", Limits.INDEX_BYTES_MAX);
        }
    }

    /** @param events how many there are */
    List<Particulars.Term> of(int events) {
        TermCollector collector = found;
        return collector == null ? List.of() : collector.terms(events);
    }
}
