package io.eckermann.gateway.calls;

import io.grpc.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a call's log lines, answers and audit rows are found by. Made by a door when a call begins. Safe from any thread. */
public final class Correlation {
    /** Of what nobody called for. */
    public static final Correlation NONE = new Correlation("", null);

    private static final Context.Key<Correlation> CURRENT = Context.keyWithDefault("eckermann-correlation", NONE);

    private final String requestId;
    private final @Nullable TraceContext trace;
    private volatile String principal = "";

    /**
     * Of a new call.
     *
     * @param trace of which it says to be a part; null: none
     */
    public Correlation(String requestId, @Nullable TraceContext trace) {
        this.requestId = requestId;
        this.trace = trace;
    }

    /** Of the call that this thread is about. */
    public static Correlation current() {
        return CURRENT.get();
    }

    /** Empty when there is no request. */
    public String requestId() {
        return requestId;
    }

    /** Of which its caller says it is a part; null: of none. */
    public @Nullable TraceContext trace() {
        return trace;
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
        return Within.context(in(Context.current()), act);
    }
}
