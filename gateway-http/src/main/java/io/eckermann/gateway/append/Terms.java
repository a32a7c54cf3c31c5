package io.eckermann.gateway.append;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ChunkFacts;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.TermCollector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By what the events of one append are to be found; makes nothing while there is none. Used once, by one thread. */
final class Terms implements ChunkFacts.Terms {
    private static final int ID_OVERHEAD_BYTES = 12;
    private static final int SHOWN_CHARS_MAX = 80;

    private record Id(int event, ByteString text) {}

    private @Nullable TermCollector found;
    private List<Id> ids = List.of();

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

    /** Only noted: few topics want to know of ids. */
    @Override
    public void id(int event, ByteString text) {
        if (ids.isEmpty()) {
            ids = new ArrayList<>();
        }
        ids.add(new Id(event, text));
    }

    @Override
    public void again() {
        found = null;
        ids = List.of();
    }

    private void add(Kind kind, int event, ByteString text) {
        TermCollector collector = found;
        if (collector == null) {
            collector = new TermCollector();
            found = collector;
        }
        collector.add(kind, event, text);
        checkSize(collector.sizeBytes());
    }

    /** Refuses what would be too much to index for one append. */
    static void checkSize(long bytes) {
        if (bytes > Limits.INDEX_BYTES_MAX) {
            throw new StoreException(
                            ErrorCode.APPEND_TOO_LARGE,
                            "The events' types, keys, tags and ids are together too large for one append: send several.")
                    .with("bytes_max", Limits.INDEX_BYTES_MAX);
        }
    }

    /** Roughly how many bytes they take in a command; ids only where they are wanted. */
    long sizeBytes(boolean withIds) {
        long bytes = found == null ? 0 : found.sizeBytes();
        for (Id id : withIds ? ids : List.<Id>of()) {
            bytes += id.text().size() + ID_OVERHEAD_BYTES;
        }
        return bytes;
    }

    /** @param events how many there are */
    List<Particulars.Term> of(int events) {
        TermCollector collector = found;
        return collector == null ? List.of() : collector.terms(events);
    }

    /**
     * The ids of the events.
     *
     * @throws StoreException BAD_REQUEST when one comes twice, APPEND_TOO_LARGE
     */
    List<Particulars.Term> ids() {
        checkSize(sizeBytes(true));
        List<Particulars.Term> terms = new ArrayList<>();
        Set<ByteString> seen = new HashSet<>();
        for (Id id : ids) {
            if (!seen.add(id.text())) {
                String text = id.text().toStringUtf8();
                throw new StoreException(
                                ErrorCode.BAD_REQUEST,
                                "Events of this topic have ids of their own: two of the append have the same.")
                        .with("event", id.event() + 1)
                        .with("field", "id")
                        .with("id", text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "…");
            }
            terms.add(new Particulars.Term(Kind.ID, id.text(), List.of(id.event(), 1)));
        }
        return terms;
    }
}
