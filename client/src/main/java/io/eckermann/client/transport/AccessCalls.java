package io.eckermann.client.transport;

import io.eckermann.client.transport.Calls.Kind;
import io.eckermann.protocol.v1.AccessGrpc;
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
import java.util.concurrent.CompletableFuture;

/** The calls about keys and rules; as {@link Calls}. */
public final class AccessCalls {
    private final Calls calls;

    public AccessCalls(Calls calls) {
        this.calls = calls;
    }

    /** Not retried when it may have been done: there would be another key that nobody knows. */
    public CompletableFuture<CreateKeyResponse> create(CreateKeyRequest request) {
        return calls.call(AccessGrpc.getCreateKeyMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<ListKeysResponse> keys(ListKeysRequest request) {
        return calls.call(AccessGrpc.getListKeysMethod(), request, Kind.READ);
    }

    public CompletableFuture<RevokeKeyResponse> revoke(RevokeKeyRequest request) {
        return calls.call(AccessGrpc.getRevokeKeyMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<SetRulesResponse> set(SetRulesRequest request) {
        return calls.call(AccessGrpc.getSetRulesMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<SetQuotaResponse> set(SetQuotaRequest request) {
        return calls.call(AccessGrpc.getSetQuotaMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<ListRulesResponse> rules(ListRulesRequest request) {
        return calls.call(AccessGrpc.getListRulesMethod(), request, Kind.READ);
    }

    public CompletableFuture<WhoAmIResponse> whoAmI() {
        return calls.call(AccessGrpc.getWhoAmIMethod(), WhoAmIRequest.getDefaultInstance(), Kind.READ);
    }
}
