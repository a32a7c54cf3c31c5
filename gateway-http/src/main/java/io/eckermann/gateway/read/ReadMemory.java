package io.eckermann.gateway.read;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all readers of a node together were sent and have not taken. The more there are, the less each is sent at once; if
 * they leave more than the bound all the same, those that took nothing for longest are cut off. Their clients go on reading
 * where they were. Thread safe.
 */
public final class ReadMemory {
    /** What is fetched and sent at once where readers are few. */
    static final int PAGE_BYTES_MAX = 512 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(ReadMemory.class);
    private static final long SAID_EVERY_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int PAGE_BYTES_MIN = 16 << 10;
    /** As much again may wait in transports that still take more, which is not counted. */
    private static final int PART_OF_PAGES = 4;
    /** Of what this process has for buffers, and of its heap. */
    private static final int PART = 4;

    private final long bytesMax;
    private final AtomicLong saidNs = new AtomicLong(System.nanoTime() - SAID_EVERY_NS);
    private volatile int pageBytes = PAGE_BYTES_MAX;

    // Guarded by this.
    /** Those that left something, in the order in which they began to. */
    private final Set<OfOne> slow = new LinkedHashSet<>();

    private int readers;
    private long bytes;
    private long cutOff;

    /** A part of this process's heap. */
    public ReadMemory() {
        this(Runtime.getRuntime().maxMemory() / PART);
    }

    /** A part of this process's heap, and of what it has for buffers outside it. */
    public static ReadMemory within(long buffersBytesMax) {
        return new ReadMemory(Math.min(Runtime.getRuntime().maxMemory(), buffersBytesMax) / PART);
    }

    /** @param bytesMax what may be left altogether */
    public ReadMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** For one more reader, until it is over. */
    public Untaken reader() {
        count(1);
        return new OfOne();
    }

    /** What is left now by those that are slow. */
    public synchronized long bytes() {
        return bytes;
    }

    /** How many readers were cut off so far. */
    public synchronized long cutOff() {
        return cutOff;
    }

    /** How much a reader is given at once now. */
    public int pageBytes() {
        return pageBytes;
    }

    private synchronized void count(int more) {
        readers += more;
        long share = bytesMax / PART_OF_PAGES / Math.max(1, readers);
        pageBytes = (int) Math.max(PAGE_BYTES_MIN, Math.min(PAGE_BYTES_MAX, share));
    }

    private final class OfOne implements Untaken {
        private volatile boolean isSlow;
        // Guarded by the memory.
        private boolean over;
        private long left;
        private @Nullable Runnable end;

        @Override
        public int pageBytes() {
            return ReadMemory.this.pageBytes();
        }

        @Override
        public void left(long more, Runnable cutOff) {
            List<Runnable> ends = take(this, more, cutOff);
            if (!ends.isEmpty()) {
                say();
                ends.forEach(ReadMemory::cutOff);
            }
        }

        @Override
        public void taken() {
            // Most readers are always fast: they must not wait for each other here.
            if (isSlow) {
                give(this);
            }
        }

        @Override
        public void over() {
            end(this);
        }
    }

    /** Returns who is to be cut off for it. */
    private synchronized List<Runnable> take(OfOne reader, long more, Runnable cutOff) {
        if (reader.over) {
            return List.of();
        }
        slow.add(reader);
        reader.isSlow = true;
        reader.left += more;
        reader.end = cutOff;
        bytes += more;
        return bytes <= bytesMax ? List.of() : spare();
    }

    private synchronized void give(OfOne reader) {
        if (slow.remove(reader)) {
            forget(reader);
        }
    }

    private synchronized void end(OfOne reader) {
        give(reader);
        if (!reader.over) {
            reader.over = true;
            count(-1);
        }
    }

    private void forget(OfOne reader) {
        bytes -= reader.left;
        reader.left = 0;
        reader.end = null;
        reader.isSlow = false;
    }

    private List<Runnable> spare() {
        List<Runnable> ends = new ArrayList<>();
        Iterator<OfOne> longest = slow.iterator();
        while (bytes > bytesMax && longest.hasNext()) {
            OfOne reader = longest.next();
            longest.remove();
            if (reader.end != null) {
                ends.add(reader.end);
            }
            forget(reader);
            // Whatever it is still sent before it has ended is not worth another one's place.
            reader.over = true;
            count(-1);
            cutOff++;
        }
        return ends;
    }

    /** Now and then: who would fill a node's memory would fill its log as well. */
    private void say() {
        long now = System.nanoTime();
        long before = saidNs.get();
        if (now - before >= SAID_EVERY_NS && saidNs.compareAndSet(before, now)) {
            LOG.warn("Readers leave more than {} bytes: {} were cut off so far", bytesMax, cutOff());
        }
    }

    private static void cutOff(Runnable end) {
        try {
            end.run();
        } catch (RuntimeException e) {
            LOG.warn("A read could not be cut off", e);
        }
    }
}
