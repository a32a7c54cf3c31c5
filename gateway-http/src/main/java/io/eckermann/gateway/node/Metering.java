package io.eckermann.gateway.node;

import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.Nanos;
import io.eckermann.gateway.cluster.Scrubber;
import io.eckermann.gateway.cluster.StorageWatch;
import io.eckermann.gateway.metrics.LagSource;
import io.eckermann.gateway.metrics.NodeMetrics;
import io.eckermann.gateway.metrics.RaftSource;
import io.eckermann.gateway.metrics.ReadinessSource;
import io.eckermann.gateway.metrics.ScrubSource;
import io.eckermann.gateway.metrics.StoreSource;
import io.eckermann.gateway.metrics.TrafficSource;
import io.eckermann.gateway.metrics.WebhookSource;
import io.eckermann.gateway.read.ServedReads;
import io.eckermann.gateway.webhooks.WebhookWatch;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.statemachine.StateMachine;
import java.time.Clock;

/** Lets a node's metrics know where its numbers are. Used while the node starts, by that thread. */
final class Metering {
    /** There is one so far. */
    private static final String SHARD = "0";

    private final NodeMetrics metrics = new NodeMetrics();

    NodeMetrics metrics() {
        return metrics;
    }

    /** What is measured whether or not the log runs; before the first entry is applied. */
    void watch(NodeConfig config, Clock clock, StateMachine state, ServedReads reads, StorageWatch storage) {
        TrafficSource traffic = new TrafficSource(reads);
        state.addListener(traffic);
        metrics.add(traffic);
        metrics.add(new StoreSource(state.view()::indexFigures, storage::last));
        metrics.add(new LagSource(state.view(), () -> Nanos.of(clock), config.metricsLagMax()));
    }

    void watch(Scrubber scrubber) {
        metrics.add(new ScrubSource(scrubber::view));
    }

    void watch(WebhookWatch webhooks) {
        metrics.add(new WebhookSource(webhooks.attempts()));
    }

    void watch(NodeConfig config, ClusterMap cluster, StateMachine state, RatisLog log) {
        metrics.add(new ReadinessSource(
                config.self().id(),
                ClusterMap.VERSION,
                () -> cluster.notReadyReason().isEmpty()));
        metrics.add(
                new RaftSource(SHARD, log::leadership, () -> state.visible().index(), log::batcherLoad, log::figures));
    }
}
