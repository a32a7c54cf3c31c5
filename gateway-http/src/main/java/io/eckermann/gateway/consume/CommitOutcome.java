package io.eckermann.gateway.consume;

import io.eckermann.protocol.StoreException;

/** What became of a commit. */
public sealed interface CommitOutcome {
    /** The cursor is there. */
    record Done(long position) implements CommitOutcome {}

    /** Another instance had moved the cursor: this is where it is, and behind this it goes on. */
    record Taken(long position) implements CommitOutcome {}

    /** It failed, or nobody knows. The next commit covers it. */
    record Failed(StoreException why) implements CommitOutcome {}
}
