package io.eckermann.gateway.access;

import io.eckermann.gateway.calls.Within;
import io.eckermann.protocol.Names;
import io.grpc.Context;
import java.util.List;
import java.util.function.Supplier;

/**
 * Whoever makes a call.
 *
 * @param name of a key's principal; {@code token:SUBJECT}, {@code cert:NAME}, {@code node} or {@code anonymous}
 * @param roles those its token names, without {@code role:}; of others none: their rules name them
 * @param keyId of the key it showed; empty when it showed none
 * @param expiresNs when its credentials end, in nanoseconds since the epoch; 0: never
 */
public record Principal(String name, List<String> roles, String keyId, long expiresNs) {
    /** Who shows no credentials; also everybody where nobody asks for them. */
    public static final Principal ANONYMOUS = new Principal(Names.ANONYMOUS, List.of(), "", 0);

    /** A node of this cluster, which may do everything: it could anyway. */
    public static final Principal NODE = new Principal(Names.NODE, List.of(), "", 0);

    private static final Context.Key<Principal> CURRENT = Context.keyWithDefault("eckermann-principal", ANONYMOUS);

    /** Who makes the call that this thread is about. */
    public static Principal current() {
        return CURRENT.get();
    }

    /** The context of a call that it makes. */
    public Context in(Context context) {
        return context.withValue(CURRENT, this);
    }

    /** Does something as it; within, {@link #current} is this one. */
    public <T> T during(Supplier<T> act) {
        return Within.context(in(Context.current()), act);
    }

    boolean isAnonymous() {
        return equals(ANONYMOUS);
    }
}
