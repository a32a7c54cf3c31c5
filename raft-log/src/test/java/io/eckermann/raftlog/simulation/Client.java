package io.eckermann.raftlog.simulation;

import java.util.Random;

/** Somebody who uses the store. Everything it does, it does when it is told to. */
interface Client {
    /** Does the next thing, if there is one: sends something again, or something new. */
    void step(Random random);

    /** From now on nothing new is sent. */
    void finish();

    /** Whether it waits for no answer, and has nothing to send. */
    boolean isDone();
}
