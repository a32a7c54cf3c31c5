package io.eckermann.gateway.calls;

import io.grpc.Context;
import java.util.function.Supplier;

/** Asks for something within a context of gRPC, as {@link Context#call} does, but for its checked exceptions. */
public final class Within {
    private Within() {}

    /** On this thread, which has its own context again afterwards. */
    public static <T> T context(Context context, Supplier<T> act) {
        Context before = context.attach();
        try {
            return act.get();
        } finally {
            context.detach(before);
        }
    }
}
