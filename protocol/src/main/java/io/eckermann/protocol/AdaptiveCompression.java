package io.eckermann.protocol;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Compresses bodies of one kind, such as those of one topic, for as long as it pays. When it does not, bodies pass
 * untouched for a while, longer each time, before a sample is tried again. Safe from any thread; threads compress beside
 * each other.
 */
public final class AdaptiveCompression {
    /**
     * What AUTO compresses with. Of JSON, level 1 of Zstandard leaves little more than half of what LZ4 leaves; a byte costs
     * far more in a network, a log and a disk than the difference in time.
     */
    public static final Encoding USUAL = Encoding.ZSTD;

    /** Smaller bodies have little to repeat. */
    public static final int BODY_BYTES_MIN = 2 << 10;

    private static final int SAMPLE_BYTES = 4 << 10;
    /** It pays to save an eighth. */
    private static final int SAVED_SHARE = 8;

    private static final int PASSED_MAX = 256;

    private final Encoding encoding;
    // Guarded by this.
    /** How many bodies still pass before one is tried. */
    private int toPass;
    /** How many pass after the next that does not shrink; 1 while it pays. */
    private int toPassNext = 1;

    /** @param encoding what to compress with; PLAIN never compresses */
    public AdaptiveCompression(Encoding encoding) {
        this.encoding = BodyCompression.available(encoding) ? encoding : Encoding.PLAIN;
    }

    /** The encoding of what {@link #tryCompress} gives. */
    public Encoding encoding() {
        return encoding;
    }

    /** The PLAIN body compressed, or null when it stays as it is. */
    public @Nullable ByteString tryCompress(ByteString plain) {
        if (encoding == Encoding.PLAIN || plain.size() < BODY_BYTES_MIN || plain.size() > Limits.APPEND_BYTES_MAX) {
            return null;
        }
        boolean doubted;
        synchronized (this) {
            if (toPass > 0) {
                toPass--;
                return null;
            }
            doubted = toPassNext > 1;
        }
        ByteString compressed = doubted && !pays(sample(plain)) ? null : BodyCompression.compress(encoding, plain);
        boolean paid = compressed != null && isSmaller(compressed, plain);
        tried(paid);
        return paid ? compressed : null;
    }

    /** A PLAIN body of this many events as it is to be sent or stored, with its checksum. */
    public EncodedEvents encode(ByteString plain, int count) {
        ByteString compressed = tryCompress(plain);
        return compressed == null
                ? EventsCodec.encoded(Encoding.PLAIN, plain, count)
                : EventsCodec.encoded(encoding, compressed, count);
    }

    private synchronized void tried(boolean paid) {
        if (paid) {
            toPassNext = 1;
        } else {
            toPass = toPassNext;
            toPassNext = Math.min(2 * toPassNext, PASSED_MAX);
        }
    }

    private boolean pays(ByteString sample) {
        return isSmaller(BodyCompression.compress(encoding, sample), sample);
    }

    /** From the middle: headers and first lines are often alike where the rest is not. */
    private static ByteString sample(ByteString plain) {
        int length = Math.min(SAMPLE_BYTES, plain.size());
        int begin = (plain.size() - length) / 2;
        return plain.substring(begin, begin + length);
    }

    private static boolean isSmaller(ByteString compressed, ByteString plain) {
        return compressed.size() <= plain.size() - plain.size() / SAVED_SHARE;
    }
}
