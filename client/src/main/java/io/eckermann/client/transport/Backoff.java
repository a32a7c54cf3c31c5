package io.eckermann.client.transport;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the n-th retry: 50 ms doubling to 1 s, each shortened by up to a half at random. */
public final class Backoff {
    private static final long FIRST_MS = 50;
    private static final long LAST_MS = 1_000;

    private Backoff() {}

    /** Milliseconds before retry {@code retry}, counted from 1. */
    public static long delayMs(int retry) {
        long full = Math.min(LAST_MS, FIRST_MS << Math.min(10, Math.max(0, retry - 1)));
        return full - ThreadLocalRandom.current().nextLong(full / 2 + 1);
    }
}
