package io.eckermann.statemachine.idempotency;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Particulars.Request;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.RequestRow;
import io.eckermann.statemachine.store.v1.RequestsRow;
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
        RequestRow kept = find(key(request));
        if (kept == null || isTooOld(kept, request)) {
            return null;
        }
        if (kept.getTopicId() != topicId || !kept.getFingerprint().equals(request.fingerprint())) {
            return Result.Refused.of(new StoreException(
                            ErrorCode.IDEMPOTENCY_KEY_REUSED,
                            "The idempotency key was accepted with another request: use a new key for each.")
                    .with("idempotency_key", request.key()));
        }
        return new Result.Appended(kept.getFirst(), kept.getCount(), head, kept.getRecordedNs(), true);
    }

    /** Keeps the result of an accepted request, and forgets what is too much or too old for it. */
    public void keep(Request request, long topicId, Result.Appended result) {
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
        RequestRow row = RequestRow.newBuilder()
                .setNumber(all.getNext())
                .setTopicId(topicId)
                .setFingerprint(request.fingerprint())
                .setFirst(result.first())
                .setCount(result.count())
                .setRecordedNs(result.recordedNs())
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
