package io.eckermann.chaos.nemesis;

import java.util.List;

/** A fault that has begun. */
public interface Strike {
    /** What was done, in a few words. */
    String what();

    /** The nodes it hit. */
    List<String> targets();

    /** Ends it: what was broken works again, though a node may still be starting. Once. */
    void heal() throws Exception;

    /** What shows that it happened; asked when all is well again. */
    Evidence evidence() throws Exception;
}
