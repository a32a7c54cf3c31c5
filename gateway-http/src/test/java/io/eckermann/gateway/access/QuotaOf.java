package io.eckermann.gateway.access;

import io.eckermann.protocol.v1.Quota;
import io.eckermann.protocol.v1.Rules;
import io.eckermann.statemachine.AccessState;
import java.util.List;
import java.util.function.LongSupplier;

/** The quotas of a cluster in which one subject has one. */
public final class QuotaOf {
    private QuotaOf() {}

    public static Quotas the(String subject, Quota.Builder quota, LongSupplier nanoTime) {
        Rules rules = Rules.newBuilder().setSubject(subject).setQuota(quota).build();
        AccessBook book = new AccessBook(new AccessState(List.of(), List.of(rules)));
        return new Quotas(() -> book, nanoTime);
    }
}
