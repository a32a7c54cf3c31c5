package io.eckermann.gateway.http;

import io.eckermann.gateway.access.AccessUseCases;
import io.eckermann.gateway.http.json.AccessJson;
import io.eckermann.protocol.v1.ListKeysRequest;
import io.eckermann.protocol.v1.ListRulesRequest;
import io.eckermann.protocol.v1.RevokeKeyRequest;
import io.eckermann.protocol.v1.SetRulesRequest;
import io.eckermann.protocol.v1.WhoAmIRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /v1/access}: keys, rules and quotas, and who the caller is. */
final class AccessRoute {
    private static final String RULES = "/v1/access/rules/{subject}";

    private final AccessUseCases access;
    private final Duration timeout;

    AccessRoute(AccessUseCases access, Duration timeout) {
        this.access = access;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/v1/access/me", this::me);
        router.on("GET", "/v1/access/keys", this::keys);
        router.on("POST", "/v1/access/keys", this::create);
        router.on("DELETE", "/v1/access/keys/{key}", this::revoke);
        router.on("GET", "/v1/access/rules", http -> rules(http, ""));
        router.on("GET", RULES, http -> rules(http, http.variables().get(0)));
        router.on("PUT", RULES, this::set);
        router.on("DELETE", RULES, this::remove);
        router.on("PUT", "/v1/access/quotas/{subject}", this::quota);
    }

    private CompletableFuture<Answer> me(Request http) {
        http.query().only(List.of());
        return access.whoAmI(WhoAmIRequest.getDefaultInstance(), timeout)
                .thenApply(me -> Answer.json(200, AccessJson.me(me)));
    }

    private CompletableFuture<Answer> keys(Request http) {
        ListKeysRequest request = ListKeysRequest.newBuilder()
                .setPrincipal(http.query()
                        .only(List.of("principal"))
                        .text("principal")
                        .orElse(""))
                .build();
        return access.keys(request, timeout).thenApply(found -> Answer.json(200, AccessJson.keys(found.getKeysList())));
    }

    private CompletableFuture<Answer> create(Request http) {
        http.query().only(List.of());
        return access.createKey(AccessJson.key(Bodies.json(http)), timeout)
                .thenApply(made -> Answer.json(201, AccessJson.made(made))
                        .with("Location", "/v1/access/keys/" + made.getKey().getId()));
    }

    private CompletableFuture<Answer> revoke(Request http) {
        http.query().only(List.of());
        RevokeKeyRequest request =
                RevokeKeyRequest.newBuilder().setId(http.variables().get(0)).build();
        return access.revokeKey(request, timeout).thenApply(done -> Answer.empty(204));
    }

    private CompletableFuture<Answer> rules(Request http, String subject) {
        http.query().only(List.of());
        return access.rules(ListRulesRequest.newBuilder().setSubject(subject).build(), timeout)
                .thenApply(found -> Answer.json(200, AccessJson.rules(found.getRulesList())));
    }

    private CompletableFuture<Answer> set(Request http) {
        http.query().only(List.of());
        SetRulesRequest request = AccessJson.rules(Bodies.json(http)).toBuilder()
                .setSubject(http.variables().get(0))
                .build();
        return access.setRules(request, timeout).thenApply(done -> Answer.empty(204));
    }

    private CompletableFuture<Answer> remove(Request http) {
        http.query().only(List.of());
        SetRulesRequest request =
                SetRulesRequest.newBuilder().setSubject(http.variables().get(0)).build();
        return access.setRules(request, timeout).thenApply(done -> Answer.empty(204));
    }

    private CompletableFuture<Answer> quota(Request http) {
        http.query().only(List.of());
        return access.setQuota(
                        AccessJson.quota(Bodies.json(http)).toBuilder()
                                .setSubject(http.variables().get(0))
                                .build(),
                        timeout)
                .thenApply(done -> Answer.empty(204));
    }
}
