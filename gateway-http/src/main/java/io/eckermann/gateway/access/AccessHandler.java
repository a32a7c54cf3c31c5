package io.eckermann.gateway.access;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.ShardReads;
import io.eckermann.protocol.v1.AccessKey;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.CreateKeyResponse;
import io.eckermann.protocol.v1.ListKeysRequest;
import io.eckermann.protocol.v1.ListKeysResponse;
import io.eckermann.protocol.v1.ListRulesRequest;
import io.eckermann.protocol.v1.ListRulesResponse;
import io.eckermann.protocol.v1.RevokeKeyRequest;
import io.eckermann.protocol.v1.RevokeKeyResponse;
import io.eckermann.protocol.v1.SetQuotaRequest;
import io.eckermann.protocol.v1.SetQuotaResponse;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.SetRulesResponse;
import io.eckermann.protocol.v1.WhoAmIRequest;
import io.eckermann.protocol.v1.WhoAmIResponse;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.AccessChange;
import io.eckermann.statemachine.log.v1.PutKey;
import io.eckermann.statemachine.log.v1.RevokeKey;
import io.eckermann.statemachine.log.v1.SetQuota;
import io.eckermann.statemachine.log.v1.SetRules;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Makes, lists and revokes keys, and says who may do what. Safe from any thread; never blocks the caller. */
public final class AccessHandler implements AccessUseCases {
    private final Shard shard;
    private final ShardReads questions;
    private final Access access;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * Used by both doors.
     *
     * @param shard the one that has keys and rules
     * @param reads where the view is asked
     * @param access judges by what is said here as soon as this has answered
     */
    public AccessHandler(Shard shard, Executor reads, Access access, Clock clock) {
        this.shard = shard;
        this.questions = new ShardReads(shard, reads);
        this.access = access;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<CreateKeyResponse> createKey(CreateKeyRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Instant now = clock.instant();
            AccessRules.check(request, now.getEpochSecond() * 1_000_000_000 + now.getNano());
            KeyText key = KeyText.make(random);
            CreateKeyResponse answer = CreateKeyResponse.newBuilder()
                    .setKey(AccessKey.newBuilder()
                            .setId(key.id())
                            .setPrincipal(request.getPrincipal())
                            .setNote(request.getNote())
                            .setExpiresNs(request.getExpiresNs()))
                    .setSecret(key.secretText())
                    .build();
            return change(AccessChange.newBuilder().setPutKey(put(request, key)), timeout)
                    .thenApply(done -> answer);
        });
    }

    private static PutKey put(CreateKeyRequest request, KeyText key) {
        return PutKey.newBuilder()
                .setId(key.id())
                .setPrincipal(request.getPrincipal())
                .setSecretSha256(key.sha256())
                .setNote(request.getNote())
                .setExpiresNs(request.getExpiresNs())
                .build();
    }

    @Override
    public CompletableFuture<RevokeKeyResponse> revokeKey(RevokeKeyRequest request, Duration timeout) {
        return Failures.guarded(() -> change(
                        AccessChange.newBuilder()
                                .setRevokeKey(RevokeKey.newBuilder().setId(request.getId())),
                        timeout)
                .thenApply(done -> RevokeKeyResponse.getDefaultInstance()));
    }

    @Override
    public CompletableFuture<SetRulesResponse> setRules(SetRulesRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            AccessRules.check(request);
            SetRules set = SetRules.newBuilder()
                    .setSubject(request.getSubject())
                    .addAllAllow(request.getAllowList())
                    .addAllRoles(request.getRolesList())
                    .build();
            return change(AccessChange.newBuilder().setSetRules(set), timeout)
                    .thenApply(done -> SetRulesResponse.getDefaultInstance());
        });
    }

    @Override
    public CompletableFuture<SetQuotaResponse> setQuota(SetQuotaRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            AccessRules.check(request);
            SetQuota set = SetQuota.newBuilder()
                    .setSubject(request.getSubject())
                    .setQuota(request.getQuota())
                    .build();
            return change(AccessChange.newBuilder().setSetQuota(set), timeout)
                    .thenApply(done -> SetQuotaResponse.getDefaultInstance());
        });
    }

    /** Answered once this node judges by it. */
    private CompletableFuture<Boolean> change(AccessChange.Builder change, Duration timeout) {
        Deadline deadline = Deadline.after(timeout);
        return shard.writes()
                .submit(new Operation.ChangeAccess(change.build()), deadline.remaining())
                .thenCompose(result -> {
                    if (result instanceof Result.Refused refused) {
                        throw refused.toException();
                    }
                    return ask(deadline, view -> {
                        access.reload();
                        return true;
                    });
                });
    }

    private <T> CompletableFuture<T> ask(Deadline deadline, Function<ReadView, T> question) {
        return questions.readAll(Consistency.LINEARIZABLE, deadline, question).thenApply(answers -> answers.get(0));
    }

    @Override
    public CompletableFuture<ListKeysResponse> keys(ListKeysRequest request, Duration timeout) {
        return Failures.guarded(() -> ask(Deadline.after(timeout), view -> {
            ListKeysResponse.Builder response = ListKeysResponse.newBuilder();
            view.access().keys().stream()
                    .filter(row -> request.getPrincipal().isEmpty()
                            || row.getKey().getPrincipal().equals(request.getPrincipal()))
                    .forEach(row -> response.addKeys(row.getKey()));
            return response.build();
        }));
    }

    @Override
    public CompletableFuture<ListRulesResponse> rules(ListRulesRequest request, Duration timeout) {
        return Failures.guarded(() -> ask(Deadline.after(timeout), view -> {
            ListRulesResponse.Builder response = ListRulesResponse.newBuilder();
            view.access().rules().stream()
                    .filter(rules ->
                            request.getSubject().isEmpty() || rules.getSubject().equals(request.getSubject()))
                    .forEach(response::addRules);
            return response.build();
        }));
    }

    @Override
    public CompletableFuture<WhoAmIResponse> whoAmI(WhoAmIRequest request, Duration timeout) {
        Principal principal = Principal.current();
        return CompletableFuture.completedFuture(WhoAmIResponse.newBuilder()
                .setPrincipal(principal.name())
                .addAllRoles(access.roles(principal))
                .addAllAllow(access.grants(principal))
                .build());
    }
}
