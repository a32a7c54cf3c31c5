package io.eckermann.chaos.disk;

import java.nio.file.Path;

/** The disk of one node. */
public interface Disk {
    /** What it is, for people. */
    String name();

    /** Where it is mounted. */
    Path mount();

    /** Whether its power can be cut. */
    boolean hasPower();

    /** Whether it is small enough to be filled. */
    boolean isSmall();

    /** Nothing more gets onto it, and what was not fsynced is lost. Its node must be killed right after. */
    void cutPower() throws Exception;

    /** Comes back with what it holds. Nobody may use it. */
    void restorePower() throws Exception;
}
