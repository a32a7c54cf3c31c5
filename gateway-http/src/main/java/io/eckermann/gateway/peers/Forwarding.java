package io.eckermann.gateway.peers;

import io.eckermann.statemachine.command.Operation;
import java.util.HashMap;
import java.util.Map;

/** The way to other nodes for writes: one stream to each, opened when first needed. Safe from any thread. */
public final class Forwarding {
    private final PeerChannels channels;
    /** Under the lock of this object. */
    private final Map<String, SubmitStream> streams = new HashMap<>();

    public Forwarding(PeerChannels channels) {
        this.channels = channels;
    }

    /** Whether the node is a peer at all. */
    boolean reaches(String nodeId) {
        return channels.knows(nodeId);
    }

    SubmitStream.Handed submit(String nodeId, Operation operation) {
        return stream(nodeId).submit(operation);
    }

    private synchronized SubmitStream stream(String nodeId) {
        SubmitStream stream = streams.get(nodeId);
        if (stream == null || stream.isOver()) {
            stream = SubmitStream.open(nodeId, channels);
            streams.put(nodeId, stream);
        }
        return stream;
    }
}
