package org.apache.ratis.util;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The checksum of each entry in the Raft log. It stands in for the class of the same name in Ratis 3.3.0, which looks the
 * same sums up in tables: the JDK's uses the processor's own instruction.
 */
public class PureJavaCrc32C implements Checksum {
    private final CRC32C crc = new CRC32C();

    /** Always true; the stock class does not have this method, so asking tells which of the two was loaded. */
    public static boolean usesProcessor() {
        return true;
    }

    @Override
    public long getValue() {
        return crc.getValue();
    }

    @Override
    public void reset() {
        crc.reset();
    }

    @Override
    public void update(byte[] b, int off, int len) {
        crc.update(b, off, len);
    }

    /** Sums what remains; as with the stock class, the position stays where it is. */
    @Override
    public void update(ByteBuffer b) {
        crc.update(b.duplicate());
    }

    @Override
    public final void update(int b) {
        crc.update(b);
    }
}
