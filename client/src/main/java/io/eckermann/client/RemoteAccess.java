package io.eckermann.client;

import io.eckermann.client.transport.AccessCalls;
import io.eckermann.protocol.v1.AccessKey;
import io.eckermann.protocol.v1.CreateKeyRequest;
import io.eckermann.protocol.v1.ListKeysRequest;
import io.eckermann.protocol.v1.ListRulesRequest;
import io.eckermann.protocol.v1.RevokeKeyRequest;
import io.eckermann.protocol.v1.SetQuotaRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** {@link Access} by calls to any node. */
final class RemoteAccess implements Access {
    private final AccessCalls calls;

    RemoteAccess(AccessCalls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<NewKey> createKey(String principal, String note, Optional<Instant> expires) {
        CreateKeyRequest request = CreateKeyRequest.newBuilder()
                .setPrincipal(principal)
                .setNote(note)
                .setExpiresNs(expires.map(Nanos::of).orElse(0L))
                .build();
        return Failures.mapped(calls.create(request), made -> new NewKey(key(made.getKey()), made.getSecret()));
    }

    @Override
    public CompletableFuture<List<Key>> keys(String principal) {
        return Failures.mapped(
                calls.keys(ListKeysRequest.newBuilder().setPrincipal(principal).build()),
                found -> found.getKeysList().stream().map(RemoteAccess::key).toList());
    }

    @Override
    public CompletableFuture<Void> revokeKey(String id) {
        return done(calls.revoke(RevokeKeyRequest.newBuilder().setId(id).build()));
    }

    @Override
    public CompletableFuture<Void> setRules(String subject, List<Grant> allow, List<String> roles) {
        return done(calls.set(SetRulesRequest.newBuilder()
                .setSubject(subject)
                .addAllAllow(allow.stream().map(RemoteAccess::wire).toList())
                .addAllRoles(roles)
                .build()));
    }

    @Override
    public CompletableFuture<Void> setQuota(String subject, Quota quota) {
        return done(calls.set(SetQuotaRequest.newBuilder()
                .setSubject(subject)
                .setQuota(io.eckermann.protocol.v1.Quota.newBuilder()
                        .setEventsPerSecond(quota.eventsPerSecond())
                        .setBytesPerSecond(quota.bytesPerSecond())
                        .setRequests(quota.requests())
                        .setStoredBytes(quota.storedBytes())
                        .setReadBytesPerSecond(quota.readBytesPerSecond())
                        .setConnections(quota.connections()))
                .build()));
    }

    @Override
    public CompletableFuture<List<Rules>> rules(String subject) {
        return Failures.mapped(
                calls.rules(ListRulesRequest.newBuilder().setSubject(subject).build()),
                found -> found.getRulesList().stream().map(RemoteAccess::rules).toList());
    }

    @Override
    public CompletableFuture<Identity> whoAmI() {
        return Failures.mapped(
                calls.whoAmI(),
                me -> new Identity(me.getPrincipal(), List.copyOf(me.getRolesList()), grants(me.getAllowList())));
    }

    private static CompletableFuture<Void> done(CompletableFuture<?> answer) {
        return Failures.mapped(answer, done -> null);
    }

    private static Rules rules(io.eckermann.protocol.v1.Rules rules) {
        io.eckermann.protocol.v1.Quota quota = rules.getQuota();
        return new Rules(
                rules.getSubject(),
                grants(rules.getAllowList()),
                List.copyOf(rules.getRolesList()),
                new Quota(
                        quota.getEventsPerSecond(),
                        quota.getBytesPerSecond(),
                        quota.getRequests(),
                        quota.getStoredBytes(),
                        quota.getReadBytesPerSecond(),
                        quota.getConnections()));
    }

    private static List<Grant> grants(List<io.eckermann.protocol.v1.Grant> grants) {
        return grants.stream()
                .map(grant -> new Grant(
                        grant.getVerbsList().stream()
                                .filter(verb -> verb != io.eckermann.protocol.v1.Verb.UNRECOGNIZED)
                                .map(verb -> Verb.valueOf(verb.name()))
                                .toList(),
                        grant.getTopics(),
                        grant.getConsumers()))
                .toList();
    }

    private static io.eckermann.protocol.v1.Grant wire(Grant grant) {
        return io.eckermann.protocol.v1.Grant.newBuilder()
                .addAllVerbs(grant.verbs().stream()
                        .map(verb -> io.eckermann.protocol.v1.Verb.valueOf(verb.name()))
                        .toList())
                .setTopics(grant.topics())
                .setConsumers(grant.consumers())
                .build();
    }

    private static Key key(AccessKey key) {
        return new Key(
                key.getId(), key.getPrincipal(), key.getNote(), time(key.getCreatedNs()), time(key.getExpiresNs()));
    }

    private static Optional<Instant> time(long nanos) {
        return nanos == 0 ? Optional.empty() : Optional.of(Nanos.instant(nanos));
    }
}
