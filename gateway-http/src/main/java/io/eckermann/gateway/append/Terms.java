package io.eckermann.gateway.append;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ChunkFacts;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.command.EventTimeText;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.TermCollector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** By what the events of one append are to be found; makes nothing while there is none. Used once, by one thread. */
final class Terms implements ChunkFacts.Terms {
    private static final int ID_OVERHEAD_BYTES = 12;
    private static final int SHOWN_CHARS_MAX = 80;
    private static final int TIMES_FEW = 8;
    private static final int[] NONE = {};

    private record Id(int event, ByteString text) {}

    private @Nullable TermCollector found;
    private List<Id> ids = List.of();
    /** Which events have a business time, and which. */
    private int[] timed = NONE;

    private long[] timesNs = {};
    private int timesCount;

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
    public void time(int event, long timeNs) {
        if (timesCount == timed.length) {
            timed = Arrays.copyOf(timed, Math.max(TIMES_FEW, 2 * timesCount));
            timesNs = Arrays.copyOf(timesNs, timed.length);
        }
        timed[timesCount] = event;
        timesNs[timesCount++] = timeNs;
    }

    @Override
    public void again() {
        found = null;
        ids = List.of();
        timesCount = 0;
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
                            "The events' types, keys, tags, ids and indexed times are together too large for one append: send several.")
                    .with("bytes_max", Limits.INDEX_BYTES_MAX);
        }
    }

    /** Roughly how many bytes they take in a command; of ids and business times only what the topic wants to know. */
    long sizeBytes(TopicSettings settings) {
        long bytes = found == null ? 0 : found.sizeBytes();
        for (Id id : settings.getUniqueIds() ? ids : List.<Id>of()) {
            bytes += id.text().size() + ID_OVERHEAD_BYTES;
        }
        return settings.getIndexEventTime() ? bytes + times().sizeBytes() : bytes;
    }

    private TermCollector times() {
        TermCollector times = new TermCollector();
        for (int i = 0; i < timesCount; i++) {
            times.add(Kind.EVENT_TIME, timed[i], EventTimeText.of(timesNs[i]));
        }
        return times;
    }

    /**
     * All of what the topic wants to know: only its settings say whether that is ids and business times, too.
     *
     * @param plain without these
     * @param events how many there are
     * @throws StoreException BAD_REQUEST when an id that must be unique comes twice, APPEND_TOO_LARGE
     */
    Particulars wanted(TopicSettings settings, Particulars plain, int events) {
        boolean timesWanted = settings.getIndexEventTime() && timesCount > 0;
        if (!timesWanted && !settings.getUniqueIds()) {
            return plain;
        }
        checkSize(sizeBytes(settings));
        Particulars all = timesWanted ? plain.withTerms(times().terms(events)) : plain;
        return settings.getUniqueIds() ? all.withIds(ids()) : all;
    }

    /** @param events how many there are */
    List<Particulars.Term> of(int events) {
        TermCollector collector = found;
        return collector == null ? List.of() : collector.terms(events);
    }

    private List<Particulars.Term> ids() {
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
