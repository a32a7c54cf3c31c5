package io.eckermann.bench.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Which events were acknowledged, and when; compared with what is read back. One lock guards it. */
public final class Ledger {
    private final List<BitSet> acknowledged = new ArrayList<>();
    private final List<BitSet> read = new ArrayList<>();
    private final List<Long> acknowledgedNs = new ArrayList<>();
    private long duplicates;
    private long foreign;

    public Ledger(int producers) {
        for (int i = 0; i < producers; i++) {
            acknowledged.add(new BitSet());
            read.add(new BitSet());
        }
    }

    /** A producer's n-th event was acknowledged at this System.nanoTime(). */
    synchronized void acknowledged(int producer, long n, long atNs) {
        acknowledged.get(producer).set(Math.toIntExact(n));
        acknowledgedNs.add(atNs);
    }

    /** An event was read back. */
    public synchronized void read(Payloads payloads, ByteBuffer payload) {
        if (!payloads.contains(payload)) {
            foreign++;
            return;
        }
        long producer = payload.getLong(payload.position());
        int n = Math.toIntExact(payload.getLong(payload.position() + Long.BYTES));
        BitSet seen = read.get(Math.toIntExact(producer));
        if (seen.get(n)) {
            duplicates++;
        }
        seen.set(n);
    }

    public synchronized long acknowledged() {
        return acknowledged.stream().mapToLong(BitSet::cardinality).sum();
    }

    /** Acknowledged events that were not read back. */
    public synchronized long lost() {
        long lost = 0;
        for (int i = 0; i < acknowledged.size(); i++) {
            BitSet missing = (BitSet) acknowledged.get(i).clone();
            missing.andNot(read.get(i));
            lost += missing.cardinality();
        }
        return lost;
    }

    /** Events read back more than once, each further time counted. */
    public synchronized long duplicates() {
        return duplicates;
    }

    /** What was read back and is no event of ours, or a damaged one. */
    public synchronized long foreign() {
        return foreign;
    }

    /** When events were acknowledged, in no order. */
    public synchronized List<Long> acknowledgedNs() {
        return List.copyOf(acknowledgedNs);
    }
}
