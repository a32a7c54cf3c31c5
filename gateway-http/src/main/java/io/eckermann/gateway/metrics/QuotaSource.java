package io.eckermann.gateway.metrics;

import java.util.Map;
import java.util.function.Supplier;

/** Whom quotas held up. */
public final class QuotaSource implements Source {
    private final Supplier<Map<String, Long>> refusals;

    /** @param refusals since the start, by what was bounded: always the same names */
    public QuotaSource(Supplier<Map<String, Long>> refusals) {
        this.refusals = refusals;
    }

    @Override
    public void tell(Samples samples) {
        refusals.get()
                .forEach((bound, count) -> samples.counter(
                        "eckermann_quota_refusals_total",
                        "Appends and requests that this node refused for a quota, by what that bounds.",
                        count,
                        "bound",
                        bound));
    }
}
