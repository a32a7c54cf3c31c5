package io.eckermann.gateway.metrics;

import io.eckermann.gateway.read.ReadMemory;
import io.eckermann.gateway.read.ServedReads;
import io.eckermann.statemachine.VisibleListener;
import io.eckermann.statemachine.chunk.NewChunk;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** How many events came in, on this replica, and went out, at this node's doors. */
public final class TrafficSource implements Source, VisibleListener {
    private final ServedReads reads;
    private final ReadMemory memory;
    private final LongAdder events = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    public TrafficSource(ServedReads reads, ReadMemory memory) {
        this.reads = reads;
        this.memory = memory;
    }

    @Override
    public void appended(List<NewChunk> chunks) {
        long count = 0;
        for (NewChunk chunk : chunks) {
            count += chunk.chunk().getCount();
            bytes.add(chunk.sharedBytes());
        }
        events.add(count);
    }

    @Override
    public void deleted(long topicId) {
        // Counts only grow.
    }

    @Override
    public void replaced() {
        // What a snapshot brings was not appended here.
    }

    @Override
    public void tell(Samples samples) {
        samples.counter(
                "eckermann_appended_events_total",
                "Events that became readable on this node; every node counts all of them.",
                events.sum());
        samples.counter(
                "eckermann_appended_bytes_total",
                "Bytes of these events' bodies as they are stored, compressed or not.",
                bytes.sum());
        samples.counter("eckermann_read_events_total", "Events that reads at this node were given.", reads.events());
        samples.counter(
                "eckermann_read_bytes_total",
                "Bytes of these events' bodies; where whole chunks are sent, their share of the chunk.",
                reads.bytes());
        samples.gauge(
                "eckermann_read_untaken_bytes",
                "Bytes that slow readers were sent and have not taken; they wait in this node's memory.",
                memory.bytes());
        samples.counter(
                "eckermann_reads_cut_off_total",
                "Reads that were ended because they took nothing for longest when slow readers left too much.",
                memory.cutOff());
    }
}
