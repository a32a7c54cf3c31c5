package io.eckermann.gateway;

import java.util.Random;

/** Dice that fall as given bytes say, and always on nothing once these are spent. */
final class DataRandom extends Random {
    private static final long serialVersionUID = 1L;

    private final byte[] data;
    private int at;

    DataRandom(byte[] data) {
        super(0);
        this.data = data;
    }

    boolean isSpent() {
        return at >= data.length;
    }

    /** A byte is a number: that is all the choices here need, and lets the fuzzer see what it does. */
    @Override
    public int nextInt(int bound) {
        return isSpent() ? 0 : Math.floorMod(data[at++], bound);
    }

    @Override
    public boolean nextBoolean() {
        return nextInt(2) == 1;
    }

    @Override
    protected int next(int bits) {
        return isSpent() ? 0 : (data[at++] & 0xff) >>> Math.max(0, 8 - bits);
    }
}
