package io.eckermann.gateway.peers;

import io.eckermann.protocol.StoreException;
import org.jspecify.annotations.Nullable;

/** Says whether this node, as leader, may propose writes now. Safe from any thread, quick. */
public interface WriteGate {
    /** Null when it may; else what to answer: not done. */
    @Nullable
    StoreException refusal();
}
