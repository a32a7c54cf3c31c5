package io.eckermann.statemachine.idempotency;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Operation.AppendMany;
import io.eckermann.statemachine.command.Particulars.Request;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.KeptAppend;
import io.eckermann.statemachine.store.v1.RequestRow;
import io.eckermann.statemachine.store.v1.RequestsRow;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Requests that were accepted, by principal and idempotency key; the oldest are forgotten. For one entry. */
public final class RequestTable {
    /** In {@link Family#SYSTEM}. */
    private static final byte[] REQUESTS = Key.of("requests").bytes();
    /** So that one append does not pay for many, when fewer are to be kept than before. */
    private static final int FORGOTTEN_AT_ONCE_MAX = 4;

    private final StoreBatch batch;
    private final long leaderTimeNs;

    public RequestTable(StoreBatch batch, long leaderTimeNs) {
        this.batch = batch;
        this.leaderTimeNs = leaderTimeNs;
    }

    /**
     * The result of a request that was accepted before, or its refusal because it was another one; null when it is new.
     *
     * @param head of the topic now
     */
    public @Nullable Result judge(Request request, long topicId, long head) {
        RequestRow kept = kept(request);
        if (kept == null) {
            return null;
        }
        return isSame(kept, request, topicId)
                ? new Result.Appended(kept.getFirst(), kept.getCount(), head, kept.getRecordedNs(), true)
                : reused(request);
    }

    /**
     * As {@link #judge(Request, long, long)}, of a request to several topics, which the fingerprint names.
     *
     * @param heads of all topics now
     */
    public @Nullable Result judge(Request request, AppendMany many, LongUnaryOperator heads) {
        RequestRow kept = kept(request);
        if (kept == null) {
            return null;
        }
        if (!isSame(kept, request, 0)
                || kept.getAppendsCount() != many.appends().size()) {
            return reused(request);
        }
        List<Result.Appended> appends = new ArrayList<>(kept.getAppendsCount());
        for (int i = 0; i < kept.getAppendsCount(); i++) {
            KeptAppend append = kept.getAppends(i);
            long head = heads.applyAsLong(many.appends().get(i).topicId());
            appends.add(new Result.Appended(append.getFirst(), append.getCount(), head, append.getRecordedNs(), true));
        }
        List<Result.CursorCommitted> cursors = many.cursors().stream()
                .map(cursor -> new Result.CursorCommitted(
                        cursor.position(), heads.applyAsLong(cursor.topicId()), kept.getRecordedNs()))
                .toList();
        return new Result.AppendedMany(appends, cursors, true);
    }

    private @Nullable RequestRow kept(Request request) {
        RequestRow kept = find(key(request));
        return kept == null || isTooOld(kept, request) ? null : kept;
    }

    private static boolean isSame(RequestRow kept, Request request, long topicId) {
        return kept.getTopicId() == topicId && kept.getFingerprint().equals(request.fingerprint());
    }

    private static Result reused(Request request) {
        return Result.Refused.of(new StoreException(
                        ErrorCode.IDEMPOTENCY_KEY_REUSED,
                        "The idempotency key was accepted with another request: use a new key for each.")
                .with("idempotency_key", request.key()));
    }

    /** Keeps the result of an accepted request, and forgets what is too much or too old for it. */
    public void keep(Request request, long topicId, Result.Appended result) {
        keep(
                request,
                RequestRow.newBuilder()
                        .setTopicId(topicId)
                        .setFirst(result.first())
                        .setCount(result.count())
                        .setRecordedNs(result.recordedNs()));
    }

    /** The same, of a request to several topics. */
    public void keep(Request request, List<Result.Appended> results) {
        RequestRow.Builder row = RequestRow.newBuilder().setRecordedNs(leaderTimeNs);
        for (Result.Appended result : results) {
            row.addAppendsBuilder()
                    .setFirst(result.first())
                    .setCount(result.count())
                    .setRecordedNs(result.recordedNs());
        }
        keep(request, row);
    }

    private void keep(Request request, RequestRow.Builder result) {
        byte[] counts = batch.find(Family.SYSTEM, REQUESTS);
        RequestsRow.Builder all = counts == null
                ? RequestsRow.newBuilder().setOldest(1).setNext(1)
                : RowParser.parse(RequestsRow.parser(), counts).toBuilder();
        byte[] key = key(request);
        RequestRow before = find(key);
        if (before != null) {
            batch.delete(Family.REQUEST_ORDER, Key.of(before.getNumber()).bytes());
            all.setKept(all.getKept() - 1);
        }
        RequestRow row = result.setNumber(all.getNext())
                .setFingerprint(request.fingerprint())
                .build();
        batch.put(Family.REQUESTS, key, row.toByteArray());
        batch.put(Family.REQUEST_ORDER, Key.of(all.getNext()).bytes(), key);
        all.setNext(all.getNext() + 1).setKept(all.getKept() + 1);
        forget(request, all);
        batch.put(Family.SYSTEM, REQUESTS, all.build().toByteArray());
    }

    private void forget(Request request, RequestsRow.Builder all) {
        int[] visited = {0};
        // From the oldest on: what was deleted before it is not walked over again.
        batch.ascend(
                Family.REQUEST_ORDER,
                Key.of(all.getOldest()).bytes(),
                Key.of(all.getNext()).bytes(),
                (number, key) -> {
                    all.setOldest(Key.longAt(number, 0));
                    RequestRow oldest = find(key);
                    boolean goes = visited[0]++ < FORGOTTEN_AT_ONCE_MAX
                            && (all.getKept() > request.keptMax() || oldest == null || isTooOld(oldest, request));
                    if (goes) {
                        batch.delete(Family.REQUESTS, key);
                        batch.delete(Family.REQUEST_ORDER, number);
                        all.setKept(all.getKept() - 1);
                    }
                    return goes;
                });
    }

    private boolean isTooOld(RequestRow kept, Request request) {
        return leaderTimeNs - kept.getRecordedNs() > request.keptNs();
    }

    /** Whether a request with this name was accepted, and is remembered. For readers. */
    public static boolean wasAccepted(RowReader rows, Request request) {
        return rows.find(Family.REQUESTS, key(request)) != null;
    }

    private @Nullable RequestRow find(byte[] key) {
        byte[] row = batch.find(Family.REQUESTS, key);
        return row == null ? null : RowParser.parse(RequestRow.parser(), row);
    }

    private static byte[] key(Request request) {
        return Key.of(request.principal()).end().then(request.key()).bytes();
    }
}
