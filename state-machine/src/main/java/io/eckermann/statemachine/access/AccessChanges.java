package io.eckermann.statemachine.access;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.AccessKey;
import io.eckermann.protocol.v1.Grant;
import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.Rules;
import io.eckermann.protocol.v1.Verb;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.AccessChange;
import io.eckermann.statemachine.log.v1.PutKey;
import io.eckermann.statemachine.log.v1.SetQuota;
import io.eckermann.statemachine.log.v1.SetRules;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.AccessKeyRow;
import java.util.List;

/** What commands do to keys and rules. Apply thread. */
public final class AccessChanges {
    private static final Grant EVERYTHING = Grant.newBuilder()
            .addAllVerbs(List.of(Verb.READ, Verb.APPEND, Verb.CURSOR, Verb.ADMIN))
            .setTopics("*")
            .build();

    private static final Grant AUDIT =
            Grant.newBuilder().addVerbs(Verb.READ).setTopics("_*").build();

    private AccessChanges() {}

    /** Does what was asked for. */
    public static Result apply(StoreBatch batch, AccessChange change, long leaderTimeNs) {
        return switch (change.getKindCase()) {
            case PUT_KEY -> put(batch, change.getPutKey(), leaderTimeNs);
            case REVOKE_KEY -> revoke(batch, change.getRevokeKey().getId());
            case SET_RULES -> set(batch, change.getSetRules());
            case SET_QUOTA -> set(batch, change.getSetQuota());
            case KIND_NOT_SET -> throw new AssertionError("it can't be decoded");
        };
    }

    private static Result put(StoreBatch batch, PutKey put, long leaderTimeNs) {
        if (put.getFirst()) {
            if (AccessTable.rules(batch).stream().anyMatch(AccessChanges::administers)) {
                return refused(ErrorCode.FORBIDDEN, "There is an administrator already: ask for a key there.");
            }
            AccessTable.putRules(
                    batch,
                    AccessTable.rules(batch, put.getPrincipal()).toBuilder()
                            .clearAllow()
                            .addAllow(EVERYTHING)
                            .addAllow(AUDIT)
                            .build());
        }
        int kept = 0;
        for (AccessKeyRow row : AccessTable.keys(batch)) {
            long expiresNs = row.getKey().getExpiresNs();
            if (expiresNs > 0 && expiresNs <= leaderTimeNs) {
                AccessTable.deleteKey(batch, row.getKey().getId());
            } else {
                kept++;
            }
        }
        if (kept >= Limits.KEYS_MAX) {
            return refused(ErrorCode.TOO_MANY_KEYS, "There are as many keys as there may be: revoke some.");
        }
        AccessTable.putKey(
                batch,
                AccessKeyRow.newBuilder()
                        .setKey(AccessKey.newBuilder()
                                .setId(put.getId())
                                .setPrincipal(put.getPrincipal())
                                .setNote(put.getNote())
                                .setCreatedNs(leaderTimeNs)
                                .setExpiresNs(put.getExpiresNs()))
                        .setSecretSha256(put.getSecretSha256())
                        .build());
        return new Result.Done();
    }

    private static boolean administers(Rules rules) {
        return rules.getAllowList().stream()
                .anyMatch(grant -> grant.getVerbsList().contains(Verb.ADMIN)
                        && grant.getTopics().equals("*"));
    }

    private static Result revoke(StoreBatch batch, String id) {
        if (!AccessTable.hasKey(batch, id)) {
            return refused(ErrorCode.KEY_NOT_FOUND, "There is no such key: it may have been revoked, or expired.");
        }
        AccessTable.deleteKey(batch, id);
        return new Result.Done();
    }

    private static Result set(StoreBatch batch, SetRules set) {
        return put(
                batch,
                AccessTable.rules(batch, set.getSubject()).toBuilder()
                        .clearAllow()
                        .addAllAllow(set.getAllowList())
                        .clearRoles()
                        .addAllRoles(set.getRolesList())
                        .build());
    }

    private static Result set(StoreBatch batch, SetQuota set) {
        Rules.Builder rules = AccessTable.rules(batch, set.getSubject()).toBuilder();
        return put(
                batch,
                set.getQuota().equals(Quota.getDefaultInstance())
                        ? rules.clearQuota().build()
                        : rules.setQuota(set.getQuota()).build());
    }

    private static Result put(StoreBatch batch, Rules rules) {
        if (AccessTable.rules(batch).size() > Limits.SUBJECTS_MAX) {
            return refused(ErrorCode.TOO_MANY_KEYS, "There are rules for as many subjects as there may be.");
        }
        AccessTable.putRules(batch, rules);
        return new Result.Done();
    }

    private static Result refused(ErrorCode code, String message) {
        return Result.Refused.of(new StoreException(code, message));
    }
}
