package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.ScavengeHandler;
import io.eckermann.gateway.cluster.Scavenger;
import io.eckermann.gateway.cluster.ScrubHandler;
import io.eckermann.gateway.cluster.Scrubber;
import io.eckermann.gateway.peers.Mending;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.ScrubView;
import io.eckermann.statemachine.Scavenging;
import io.eckermann.statemachine.chunk.ChunkSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What looks after the segments that a node keeps, put together before the logs run: gives space back, mends damage. Each
 * shard has its own of both.
 */
final class Care {
    private final List<Scavenger> scavengers = new ArrayList<>();
    private final List<Scrubber> scrubbers = new ArrayList<>();
    private final ScavengeHandler scavenges;
    private final ScrubHandler scrubs;
    private final Mending mending;

    Care(NodeConfig config, NodeShards shards, Neighbours others) {
        String self = others.members().self().id();
        Supplier<List<String>> nodes =
                () -> others.members().all().stream().map(Peer::id).toList();
        List<ChunkSource> bodies = new ArrayList<>();
        for (ShardPart part : shards.all()) {
            int shard = part.number();
            String name = self + (shard == 0 ? "" : "-shard-" + shard);
            // One object for both: whoever writes segments anew holds its monitor.
            Scavenging segments = part.state().scavenging();
            scavengers.add(new Scavenger(name, segments, PartConfigs.scavenge(config)));
            scrubbers.add(new Scrubber(name, segments, () -> others.bodies(shard), PartConfigs.scrub(config)));
            bodies.add(segments.bodies());
        }
        scavenges = new ScavengeHandler(self, nodes, scavengers, others.status()::scavenge);
        scrubs = new ScrubHandler(self, nodes, scrubbers, others.status()::scrub);
        mending = new Mending(config.clusterId(), List.copyOf(bodies), scrubs::here);
    }

    List<Scavenger> scavengers() {
        return scavengers;
    }

    List<Scrubber> scrubbers() {
        return scrubbers;
    }

    /** How far all shards' scavengers are; null while one has not looked yet. */
    @Nullable
    ScavengeView scavenge() {
        return Scavenger.together(scavengers.stream().map(Scavenger::view).toList());
    }

    /** How far all shards' scrubbers are; null before the first round. */
    @Nullable
    ScrubView scrub() {
        return Scrubber.together(scrubbers.stream().map(Scrubber::view).toList());
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
