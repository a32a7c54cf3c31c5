package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.ScavengeHandler;
import io.eckermann.gateway.cluster.Scavenger;
import io.eckermann.gateway.cluster.ScrubHandler;
import io.eckermann.gateway.cluster.Scrubber;
import io.eckermann.gateway.peers.Mending;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.statemachine.Scavenging;
import io.eckermann.statemachine.StateMachine;
import java.util.List;
import java.util.function.Supplier;

/** What looks after the segments that a node keeps, put together before the log runs: gives space back, mends damage. */
final class Care {
    private final Scavenger scavenger;
    private final Scrubber scrubber;
    private final ScavengeHandler scavenges;
    private final ScrubHandler scrubs;
    private final Mending mending;

    Care(NodeConfig config, StateMachine state, Neighbours others) {
        String self = others.members().self().id();
        Supplier<List<String>> nodes =
                () -> others.members().all().stream().map(Peer::id).toList();
        Scavenging segments = state.scavenging();
        scavenger = new Scavenger(self, segments, PartConfigs.scavenge(config));
        scrubber = new Scrubber(self, segments, others::bodies, PartConfigs.scrub(config));
        scavenges = new ScavengeHandler(self, nodes, scavenger, others.status()::scavenge);
        scrubs = new ScrubHandler(self, nodes, scrubber, others.status()::scrub);
        mending = new Mending(config.clusterId(), segments.bodies(), scrubs::here);
    }

    Scavenger scavenger() {
        return scavenger;
    }

    Scrubber scrubber() {
        return scrubber;
    }

    ScavengeHandler scavenges() {
        return scavenges;
    }

    ScrubHandler scrubs() {
        return scrubs;
    }

    /** For the other nodes. */
    Mending mending() {
        return mending;
    }
}
