package io.eckermann.gateway.append;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ChunkFacts;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.EventTimeText;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.TermCollector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what the events of one append are to be found; makes nothing while there is none. Used once, by one thread. */
final class Terms implements ChunkFacts.Terms {
    private static final int TIMES_FEW = 8;
    private static final int[] NONE = {};

    private @Nullable TermCollector found;
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
        timesCount = 0;
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
                            "The events' types, keys, tags and indexed times are together too large for one append: send several.")
                    .with("bytes_max", Limits.INDEX_BYTES_MAX);
        }
    }

    /**
     * Adds the events' business times: only the topic says whether they are indexed, and it is known last.
     *
     * @param events how many there are
     */
    Particulars withTimes(Particulars particulars, int events) {
        if (timesCount == 0) {
            return particulars;
        }
        for (int i = 0; i < timesCount; i++) {
            add(Kind.EVENT_TIME, timed[i], EventTimeText.of(timesNs[i]));
        }
        timesCount = 0;
        return Particulars.of(of(events), particulars.conditions(), particulars.request());
    }

    /** @param events how many there are */
    List<Particulars.Term> of(int events) {
        TermCollector collector = found;
        return collector == null ? List.of() : collector.terms(events);
    }
}
