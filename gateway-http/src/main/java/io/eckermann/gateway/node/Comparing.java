package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.ComparisonHandler;
import io.eckermann.gateway.cluster.DigestWatch;
import io.eckermann.gateway.cluster.Readiness;
import io.eckermann.gateway.cluster.StateDigests;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.raftlog.FailStop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What compares this node's states with those of the others, put together before the logs run. */
final class Comparing {
    private static final Logger LOG = LoggerFactory.getLogger(Comparing.class);
    /** Slower, whoever closes the state would wait for long. */
    private static final long SPEED_MIN = 64 << 10;

    private static final long LOOK_MS = 1_000;

    private final NodeConfig config;
    private final NodeShards shards;
    private final NodeThreads threads;
    private final Parts parts;
    private final List<StateDigests> digests = new ArrayList<>();

    /** @param parts gets what has to be closed before the states are */
    Comparing(NodeConfig config, NodeShards shards, NodeThreads threads, Parts parts) {
        this.config = config;
        this.shards = shards;
        this.threads = threads;
        this.parts = parts;
        for (ShardPart part : shards.all()) {
            StateDigests each = parts.add(
                    "digests of the state",
                    new StateDigests(
                            config.self().id() + (part.number() == 0 ? "" : "-shard-" + part.number()),
                            part.number(),
                            Math.max(SPEED_MIN, config.digests().bytesPerSecond())));
            each.open();
            part.state().onMark(each::take);
            digests.add(each);
        }
    }

    /** What this node found, of all shards. */
    List<StateDigestView> told() {
        return digests.stream().flatMap(each -> each.told().stream()).toList();
    }

    ComparisonHandler handler() {
        return new ComparisonHandler(shards.all().stream().map(ShardPart::shard).toList());
    }

    /** From now on looks whether this node is the one that differs, and has its shards compared when it leads them. */
    void begin(ClusterMap cluster, DataDirectory directory, Readiness readiness, Conduct conduct, FailStop failStop) {
        List<DigestWatch.Part> watched = new ArrayList<>();
        for (ShardPart part : shards.all()) {
            watched.add(new DigestWatch.Part(
                    part.number(), part.log()::leadership, part.shard().writes(), digests.get(part.number())));
        }
        DigestWatch.Conviction conviction = new DigestWatch.Conviction() {
            @Override
            public void found(String why, long raftIndex) {
                LOG.error("{}: it stops, and sets aside what it has when it starts again", why);
                readiness.phase("its state differs from the others'");
                var unused = conduct.handOn();
                try {
                    directory.markConvicted(raftIndex);
                } catch (IOException e) {
                    LOG.error("That could not be noted: do not start this node with its data again", e);
                }
            }

            @Override
            public void carriedOut(String why) {
                failStop.stop(
                        why + ": started again it sets aside what it has, and comes back as a new member"
                                + " (docs/operations.md).",
                        null);
            }
        };
        DigestWatch watch =
                new DigestWatch(directory.memberId(), watched, config.digests().interval(), cluster::view, conviction);
        var looking = threads.every(LOOK_MS, watch::look);
        parts.add("comparing of states", () -> looking.cancel(false));
    }
}
