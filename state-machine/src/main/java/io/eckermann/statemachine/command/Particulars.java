package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What apply must know of an append beside its events, so that it need not look into them.
 *
 * @param terms by what its events are to be found; each once
 * @param conditions that must all hold
 * @param request null when it carries no idempotency key
 * @param idsTold whether the ids of its events are among the terms, each of one event: for a topic whose ids are unique
 */
public record Particulars(
        List<Term> terms,
        List<Condition> conditions,
        @Nullable Request request,
        boolean idsTold) {
    /** Nothing: most appends have none, and share this. */
    public static final Particulars NONE = new Particulars(List.of(), List.of(), null);

    private static final int TERM_OVERHEAD_BYTES = 8;
    private static final int REQUEST_OVERHEAD_BYTES = 64;

    /** Without ids. */
    public Particulars(List<Term> terms, List<Condition> conditions, @Nullable Request request) {
        this(terms, conditions, request, false);
    }

    /** These, or {@link #NONE}. */
    public static Particulars of(List<Term> terms, List<Condition> conditions, @Nullable Request request) {
        return terms.isEmpty() && conditions.isEmpty() && request == null
                ? NONE
                : new Particulars(terms, conditions, request);
    }

    boolean isNone() {
        return terms.isEmpty() && conditions.isEmpty() && request == null && !idsTold;
    }

    /** Roughly the bytes they take in a Raft entry. */
    int sizeBytes() {
        int bytes = request == null
                ? 0
                : REQUEST_OVERHEAD_BYTES
                        + 3 * request.key().length()
                        + 3 * request.principal().length();
        bytes += sizeBytes(terms);
        for (Condition condition : conditions) {
            bytes += 2 + condition.getSerializedSize();
        }
        return bytes;
    }

    static int sizeBytes(List<Term> terms) {
        int bytes = 0;
        for (Term term : terms) {
            bytes += TERM_OVERHEAD_BYTES + term.text().size() + 2 * term.runs().size();
        }
        return bytes;
    }

    /** The same, with more of what its events have. */
    public Particulars withTerms(List<Term> more) {
        List<Term> all = new ArrayList<>(terms);
        all.addAll(more);
        return new Particulars(all, conditions, request, idsTold);
    }

    /** The same, with the ids of its events. */
    public Particulars withIds(List<Term> ids) {
        List<Term> all = new ArrayList<>(terms);
        all.addAll(ids);
        return new Particulars(all, conditions, request, true);
    }

    /** What a term says of an event. */
    public enum Kind {
        TYPE(0),
        KEY(1),
        TAG(2),
        /** An event's own name; known only where ids are unique. */
        ID(3),
        /** A business time, as {@link EventTimeText} writes it; only where they are indexed. */
        EVENT_TIME(11);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        /** Its number in durable formats. */
        public int code() {
            return code;
        }
    }

    /**
     * A type, key, tag or business time; or an id.
     *
     * @param text UTF-8, of a time its 8 bytes; not empty
     * @param runs which of the append's events have it: for each run of neighbours how many events lie between it and the
     *     one before (the first: before it), then how many it has. Empty: all events
     */
    public record Term(Kind kind, ByteString text, List<Integer> runs) {}

    /**
     * Names the append for retries.
     *
     * @param fingerprint of all that it says
     * @param keptMax how many results are kept at most, of all principals together
     * @param keptNs for how long
     */
    public record Request(String principal, String key, ByteString fingerprint, int keptMax, long keptNs) {}
}
