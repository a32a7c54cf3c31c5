package io.eckermann.gateway.access;

import io.eckermann.protocol.v1.Verb;
import java.util.List;

/**
 * What a call demands of its caller.
 *
 * @param open nothing, not even to be known
 * @param needs all of them; none: to be known is enough
 */
public record Demand(boolean open, List<Need> needs) {
    /** Everybody may. */
    public static final Demand OPEN = new Demand(true, List.of());

    /** Everybody who is known. */
    public static final Demand KNOWN = new Demand(false, List.of());

    /** Who administers the cluster. */
    public static final Demand CLUSTER = new Demand(false, List.of(Need.inAll("", Verb.ADMIN)));

    public static Demand of(Need... needs) {
        return new Demand(false, List.of(needs));
    }

    public static Demand of(List<Need> needs) {
        return new Demand(false, List.copyOf(needs));
    }

    /** The same of one topic. */
    public static Demand in(String topic, Verb verb) {
        return of(Need.in(topic, verb));
    }

    /** Whether it is an administrator's, so that it is told to the audit. */
    boolean isAdministrative() {
        return needs.stream().anyMatch(need -> need.verb() == Verb.ADMIN);
    }

    /** What it is about, for the audit; empty: the cluster. */
    String topics() {
        return needs.isEmpty() ? "" : needs.get(0).topics();
    }
}
