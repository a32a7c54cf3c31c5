package io.eckermann.client;

/** How fresh an answer has to be. */
public enum Consistency {
    /** Includes every write that was acknowledged before the call began. The default. */
    LINEARIZABLE,
    /** What the node asked has applied: may be a moment old, is never wrong. */
    LOCAL
}
