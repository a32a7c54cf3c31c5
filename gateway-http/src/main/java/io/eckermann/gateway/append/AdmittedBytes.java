package io.eckermann.gateway.append;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.concurrent.atomic.AtomicLong;

/** Bytes of the appends that this node took and has not answered, over all callers and both doors. Thread safe. */
final class AdmittedBytes {
    private final long busy;
    private final long max;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param busy from here on there is enough to keep the log busy
     * @param max beyond it appends are refused
     */
    AdmittedBytes(long busy, long max) {
        this.busy = busy;
        this.max = max;
    }

    /** Throws OVERLOADED when they are too many. */
    void take(int bytes) {
        long now = held.addAndGet(bytes);
        if (now > max) {
            held.addAndGet(-bytes);
            throw new StoreException(ErrorCode.OVERLOADED, "Too many bytes of appends are under way: try again later.")
                    .with("held_bytes", now - bytes)
                    .with("limit_bytes", max);
        }
    }

    void give(int bytes) {
        held.addAndGet(-bytes);
    }

    boolean isBusy() {
        return held.get() >= busy;
    }
}
