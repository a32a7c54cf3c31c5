package io.eckermann.gateway.peers;

import io.eckermann.statemachine.command.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The way to other nodes for a shard's writes: one stream to each, opened when first needed. Safe from any thread. */
public final class Forwarding {
    private final PeerChannels channels;
    private final int shard;
    private final LongAdder handedOn = new LongAdder();
    /** Under the lock of this object. */
    private final Map<String, SubmitStream> streams = new HashMap<>();

    /** Of the first shard. */
    public Forwarding(PeerChannels channels) {
        this(channels, 0);
    }

    public Forwarding(PeerChannels channels, int shard) {
        this.channels = channels;
        this.shard = shard;
    }

    /** How many writes were handed on. */
    public long handedOn() {
        return handedOn.sum();
    }

    /** Whether the node is a peer at all. */
    boolean reaches(String nodeId) {
        return channels.knows(nodeId);
    }

    SubmitStream.Handed submit(String nodeId, Operation operation) {
        handedOn.increment();
        return stream(nodeId).submit(operation);
    }

    private synchronized SubmitStream stream(String nodeId) {
        SubmitStream stream = streams.get(nodeId);
        if (stream == null || stream.isOver()) {
            stream = SubmitStream.open(nodeId, channels, shard);
            streams.put(nodeId, stream);
        }
        return stream;
    }
}
