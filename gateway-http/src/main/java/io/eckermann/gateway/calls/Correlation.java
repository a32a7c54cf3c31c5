package io.eckermann.gateway.calls;

import io.grpc.Context;
import java.util.function.Supplier;

/** What a call's log lines, answers and audit rows are found by. Made by a door when a call begins. Safe from any thread. */
public final class Correlation {
    /** Of what nobody called for. */
    public static final Correlation NONE = new Correlation("");

    private static final Context.Key<Correlation> CURRENT = Context.keyWithDefault("eckermann-correlation", NONE);

    private final String requestId;
    private volatile String principal = "";

    public Correlation(String requestId) {
        this.requestId = requestId;
    }

    /** Of the call that this thread is about. */
    public static Correlation current() {
        return CURRENT.get();
    }

    /** Empty when there is no request. */
    public String requestId() {
        return requestId;
    }

    /** Who makes the call; empty when that is not known, or nobody asked. */
    public String principal() {
        return principal;
    }

    /** It is known who makes the call. */
    public void madeBy(String name) {
        if (this != NONE) {
            principal = name;
        }
    }

    /** Does something for its call; within, {@link #current} is this one. */
    public void during(Runnable act) {
        in(Context.current()).run(act);
    }

    /** The context of its call. */
    public Context in(Context context) {
        return context.withValue(CURRENT, this);
    }

    /** As {@link #during}, with a result. */
    public <T> T asked(Supplier<T> act) {
        Context context = in(Context.current());
        Context before = context.attach();
        try {
            return act.get();
        } finally {
            context.detach(before);
        }
    }
}
