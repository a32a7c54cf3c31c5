package io.eckermann.gateway.grpc;

import io.eckermann.gateway.access.AccessUseCases;
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
import io.grpc.stub.StreamObserver;

/** {@code eckermann.v1.Access}. */
public final class AccessService extends AccessGrpc.AccessImplBase {
    private final AccessUseCases access;

    public AccessService(AccessUseCases access) {
        this.access = access;
    }

    @Override
    public void createKey(CreateKeyRequest request, StreamObserver<CreateKeyResponse> observer) {
        Calls.answer(observer, timeout -> access.createKey(request, timeout));
    }

    @Override
    public void listKeys(ListKeysRequest request, StreamObserver<ListKeysResponse> observer) {
        Calls.answer(observer, timeout -> access.keys(request, timeout));
    }

    @Override
    public void revokeKey(RevokeKeyRequest request, StreamObserver<RevokeKeyResponse> observer) {
        Calls.answer(observer, timeout -> access.revokeKey(request, timeout));
    }

    @Override
    public void setRules(SetRulesRequest request, StreamObserver<SetRulesResponse> observer) {
        Calls.answer(observer, timeout -> access.setRules(request, timeout));
    }

    @Override
    public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> observer) {
        Calls.answer(observer, timeout -> access.setQuota(request, timeout));
    }

    @Override
    public void listRules(ListRulesRequest request, StreamObserver<ListRulesResponse> observer) {
        Calls.answer(observer, timeout -> access.rules(request, timeout));
    }

    @Override
    public void whoAmI(WhoAmIRequest request, StreamObserver<WhoAmIResponse> observer) {
        Calls.answer(observer, timeout -> access.whoAmI(request, timeout));
    }
}
