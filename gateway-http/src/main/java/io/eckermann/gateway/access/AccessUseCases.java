package io.eckermann.gateway.access;

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
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What can be done about keys and rules. From any thread; never blocks; futures fail with a StoreException only. */
public interface AccessUseCases {
    CompletableFuture<CreateKeyResponse> createKey(CreateKeyRequest request, Duration timeout);

    CompletableFuture<ListKeysResponse> keys(ListKeysRequest request, Duration timeout);

    CompletableFuture<RevokeKeyResponse> revokeKey(RevokeKeyRequest request, Duration timeout);

    CompletableFuture<SetRulesResponse> setRules(SetRulesRequest request, Duration timeout);

    CompletableFuture<SetQuotaResponse> setQuota(SetQuotaRequest request, Duration timeout);

    CompletableFuture<ListRulesResponse> rules(ListRulesRequest request, Duration timeout);

    /** About whoever makes the call that this thread is about. */
    CompletableFuture<WhoAmIResponse> whoAmI(WhoAmIRequest request, Duration timeout);
}
