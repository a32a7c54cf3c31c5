package io.eckermann.gateway.http;

import java.util.concurrent.Semaphore;

/**
 * The bytes that were made for readers and that their connections have not been handed yet, over all of them. Who makes them
 * is quicker than who moves them, and waits here. Thread safe.
 */
final class Outgoing {
    private static final int UNIT_BYTES = 1 << 10;

    private final int unitsMax;
    private final Semaphore free;

    Outgoing(int bytesMax) {
        unitsMax = bytesMax / UNIT_BYTES;
        free = new Semaphore(unitsMax);
    }

    /** Blocks while there are too many; more than may be there at all come alone. */
    void take(int bytes) throws InterruptedException {
        free.acquire(units(bytes));
    }

    void giveBack(int bytes) {
        free.release(units(bytes));
    }

    private int units(int bytes) {
        return Math.min(unitsMax, bytes / UNIT_BYTES);
    }
}
