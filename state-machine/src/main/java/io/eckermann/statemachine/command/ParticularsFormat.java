package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.FailIfEventsMatch;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Particulars as fields of a part, and back. */
final class ParticularsFormat {
    private ParticularsFormat() {}

    static void encode(Particulars particulars, LogFormat.AppendPart.Builder part) {
        particulars.terms().forEach(term -> part.addTerms(encode(term)));
        part.addAllConditions(particulars.conditions()).setIdsTold(particulars.idsTold());
        if (particulars.request() != null) {
            part.setIdempotencyKey(encode(particulars.request()));
        }
    }

    /** Whether only a reader of {@link CommandCodec#FORMAT_NEWEST} knows the particulars. */
    static boolean isNewest(Particulars particulars) {
        return particulars.idsTold()
                || particulars.terms().stream().anyMatch(term -> term.kind() == Particulars.Kind.EVENT_TIME);
    }

    static LogFormat.Term encode(Particulars.Term term) {
        return LogFormat.Term.newBuilder()
                .setKindValue(term.kind().code())
                .setText(term.text())
                .addAllRuns(term.runs())
                .build();
    }

    static LogFormat.IdempotencyKey encode(Particulars.Request request) {
        return LogFormat.IdempotencyKey.newBuilder()
                .setPrincipal(request.principal())
                .setKey(request.key())
                .setFingerprint(request.fingerprint())
                .setKeptMax(request.keptMax())
                .setKeptNs(request.keptNs())
                .build();
    }

    static Particulars decode(LogFormat.AppendPart part) throws UnreadableCommandException {
        if (part.getTermsCount() == 0
                && part.getConditionsCount() == 0
                && !part.hasIdempotencyKey()
                && !part.getIdsTold()) {
            return Particulars.NONE;
        }
        List<Particulars.Term> terms = terms(part.getTermsList(), part.getCount());
        checkIds(terms, part.getIdsTold());
        for (Condition condition : part.getConditionsList()) {
            check(condition);
        }
        Particulars.Request request = part.hasIdempotencyKey() ? request(part.getIdempotencyKey()) : null;
        return new Particulars(terms, part.getConditionsList(), request, part.getIdsTold());
    }

    private static void checkIds(List<Particulars.Term> terms, boolean told) throws UnreadableCommandException {
        Set<ByteString> ids = new HashSet<>();
        for (Particulars.Term term : terms) {
            if (term.kind() == Particulars.Kind.ID && !ids.add(term.text())) {
                throw new UnreadableCommandException("Several events of an append have the same id.");
            }
        }
        if (!told && !ids.isEmpty()) {
            throw new UnreadableCommandException("An append tells ids and does not say so.");
        }
    }

    /** @param events how many there are for the terms' runs */
    static List<Particulars.Term> terms(List<LogFormat.Term> messages, int events) throws UnreadableCommandException {
        List<Particulars.Term> terms = new ArrayList<>(messages.size());
        for (LogFormat.Term term : messages) {
            terms.add(term(term, events));
        }
        return List.copyOf(terms);
    }

    private static Particulars.Term term(LogFormat.Term term, int events) throws UnreadableCommandException {
        OperationFormat.known(term);
        if (term.getText().isEmpty()) {
            throw new UnreadableCommandException("A term is empty.");
        }
        if (term.getKind() == LogFormat.Term.Kind.EVENT_TIME && term.getText().size() != EventTimeText.BYTES) {
            throw new UnreadableCommandException("A business time is not of 8 bytes.");
        }
        long end = 0;
        boolean rising = term.getRunsCount() % 2 == 0;
        for (int i = 0; i < term.getRunsCount(); i++) {
            int number = term.getRuns(i);
            rising &= number > 0 || (i == 0 && number == 0);
            end += number;
        }
        if (!rising || end > events) {
            throw new UnreadableCommandException("A term's runs are not in the order of the append's events.");
        }
        Particulars.Kind kind = kind(term.getKind());
        boolean single = term.getRunsCount() == 0 ? events == 1 : term.getRunsCount() == 2 && term.getRuns(1) == 1;
        if (kind == Particulars.Kind.ID && !single) {
            throw new UnreadableCommandException("Several events of an append have the same id.");
        }
        return new Particulars.Term(kind, term.getText(), List.copyOf(term.getRunsList()));
    }

    private static Particulars.Kind kind(LogFormat.Term.Kind kind) throws UnreadableCommandException {
        return switch (kind) {
            case TYPE -> Particulars.Kind.TYPE;
            case KEY -> Particulars.Kind.KEY;
            case TAG -> Particulars.Kind.TAG;
            case ID -> Particulars.Kind.ID;
            case EVENT_TIME -> Particulars.Kind.EVENT_TIME;
            case UNRECOGNIZED -> throw new UnreadableCommandException("A term is of no known kind.");
        };
    }

    static Particulars.Request request(LogFormat.IdempotencyKey request) throws UnreadableCommandException {
        OperationFormat.known(request);
        if (request.getKey().isEmpty() || request.getKeptMax() < 1 || request.getKeptNs() < 1) {
            throw new UnreadableCommandException("An idempotency key is empty, or its result may not be kept.");
        }
        return new Particulars.Request(
                request.getPrincipal(),
                request.getKey(),
                request.getFingerprint(),
                request.getKeptMax(),
                request.getKeptNs());
    }

    private static void check(Condition condition) throws UnreadableCommandException {
        OperationFormat.known(condition);
        switch (condition.getKindCase()) {
            case EXPECTED_HEAD, TOPIC_EMPTY, KEY_ABSENT -> {}
            case KEY_VERSION -> OperationFormat.known(condition.getKeyVersion());
            case FENCE -> OperationFormat.known(condition.getFence());
            case FAIL_IF_EVENTS_MATCH -> check(condition.getFailIfEventsMatch());
            case KIND_NOT_SET -> throw new UnreadableCommandException("A condition is of no known kind.");
        }
    }

    private static void check(FailIfEventsMatch match) throws UnreadableCommandException {
        OperationFormat.known(match);
        Message query = match.getQuery();
        OperationFormat.known(query);
        for (QueryItem item : match.getQuery().getItemsList()) {
            OperationFormat.known(item);
            if (item.getTypesCount() == 0 && item.getTagsCount() == 0) {
                throw new UnreadableCommandException("A query's item asks for nothing.");
            }
        }
    }
}
