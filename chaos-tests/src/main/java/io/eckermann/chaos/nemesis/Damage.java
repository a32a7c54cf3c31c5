package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.gen.Choices;
import java.util.Arrays;
import java.util.Locale;

/** How a file comes to hold something else than was written to it. */
enum Damage {
    BIT_FLIP {
        @Override
        byte[] of(byte[] whole, int from, int to, Choices choices) {
            byte[] damaged = whole.clone();
            damaged[from + choices.below(to - from)] ^= (byte) (1 << choices.below(Byte.SIZE));
            return damaged;
        }
    },
    /** A block that was never written. */
    ZEROED {
        @Override
        byte[] of(byte[] whole, int from, int to, Choices choices) {
            byte[] damaged = whole.clone();
            int at = block(from, to, choices);
            Arrays.fill(damaged, at, Math.min(at + BLOCK_BYTES, to), (byte) 0);
            return damaged;
        }
    },
    TRUNCATED {
        @Override
        byte[] of(byte[] whole, int from, int to, Choices choices) {
            return Arrays.copyOf(whole, from + choices.below(to - from));
        }
    },
    /** A block that was written to another place of the file: it is there twice, and what was there is gone. */
    MISDIRECTED {
        @Override
        byte[] of(byte[] whole, int from, int to, Choices choices) {
            byte[] damaged = whole.clone();
            int target = block(from, to, choices);
            int length = Math.min(BLOCK_BYTES, whole.length - target);
            int source = block(0, Math.max(1, whole.length - length), choices);
            System.arraycopy(whole, source, damaged, target, Math.min(length, whole.length - source));
            return damaged;
        }
    },
    /** It is what it was a while ago: later writes never got to the disk. */
    ROLLED_BACK {
        @Override
        byte[] of(byte[] whole, int from, int to, Choices choices) {
            throw new IllegalStateException("the file as it was must be known");
        }
    };

    private static final int BLOCK_BYTES = 512;

    /** As in names of faults. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * A file's content, damaged; equal to what it was when the damage happens to change nothing.
     *
     * @param from where it may begin, and {@code to} where it must end
     */
    abstract byte[] of(byte[] whole, int from, int to, Choices choices);

    /** The beginning of a block that lies in there, more or less. */
    private static int block(int from, int to, Choices choices) {
        int at = from + choices.below(to - from);
        return Math.max(from, at - at % BLOCK_BYTES);
    }
}
