package io.eckermann.gateway.node;

import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.DiskRoom;
import io.eckermann.gateway.cluster.Nanos;
import io.eckermann.gateway.cluster.StorageWatch;
import io.eckermann.gateway.metrics.ClusterSource;
import io.eckermann.gateway.metrics.DigestSource;
import io.eckermann.gateway.metrics.LagSource;
import io.eckermann.gateway.metrics.NodeMetrics;
import io.eckermann.gateway.metrics.QuotaSource;
import io.eckermann.gateway.metrics.RaftSource;
import io.eckermann.gateway.metrics.ReadinessSource;
import io.eckermann.gateway.metrics.RoomSource;
import io.eckermann.gateway.metrics.ScrubSource;
import io.eckermann.gateway.metrics.StoreSource;
import io.eckermann.gateway.metrics.TrafficSource;
import io.eckermann.gateway.metrics.WebhookSource;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.tracing.SpanExport;
import io.eckermann.gateway.webhooks.WebhookWatch;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.storage.IndexFigures;
import java.net.URI;
import java.time.Clock;
import java.util.List;

/** Lets a node's metrics know where its numbers are. Used while the node starts, by that thread. */
final class Metering {
    private final NodeMetrics metrics = new NodeMetrics();

    /** Has a collector of spans told of requests, too, if there is one. */
    Metering(NodeConfig config, Clock clock, Parts parts) {
        URI collector = config.telemetry().collector();
        if (collector != null) {
            String self = config.self().id();
            SpanExport spans = new SpanExport(collector, config.clusterId(), self, clock);
            metrics.requests().tell(parts.add("export of spans", spans));
        }
    }

    NodeMetrics metrics() {
        return metrics;
    }

    /** What is measured whether or not the log runs; before the first entry is applied. */
    void watch(NodeConfig config, Clock clock, NodeShards shards, ReadHandler reads, StorageWatch storage) {
        TrafficSource traffic = new TrafficSource(reads.served(), reads.memory());
        List<StateMachine> states = shards.all().stream().map(ShardPart::state).toList();
        states.forEach(state -> state.addListener(traffic));
        metrics.add(traffic);
        metrics.add(new StoreSource(() -> index(states), storage::last));
        metrics.add(new LagSource(
                states.stream().map(StateMachine::view).toList(), () -> Nanos.of(clock), config.metricsLagMax()));
    }

    private static IndexFigures index(List<StateMachine> states) {
        return states.stream()
                .map(state -> state.view().indexFigures())
                .reduce(IndexFigures::plus)
                .orElseThrow();
    }

    void watch(Care care, Quotas quotas) {
        metrics.add(new ScrubSource(care::scrub));
        metrics.add(new QuotaSource(quotas::refusals));
    }

    void watch(DiskRoom room) {
        metrics.add(new RoomSource(room::freeBytes, room::totalBytes, room::isLow));
    }

    void watch(List<WebhookWatch> webhooks) {
        metrics.add(
                new WebhookSource(webhooks.stream().map(WebhookWatch::attempts).toList()));
    }

    void watch(NodeConfig config, ClusterMap cluster, NodeShards shards, List<RatisLog> logs) {
        metrics.add(new ReadinessSource(
                config.self().id(),
                ClusterMap.VERSION,
                () -> cluster.notReadyReason().isEmpty()));
        metrics.add(new ClusterSource(cluster::view));
        metrics.add(new DigestSource(cluster.self(), shards.all().size(), cluster::view));
        for (ShardPart part : shards.all()) {
            RatisLog log = logs.get(part.number());
            metrics.add(new RaftSource(
                    Integer.toString(part.number()),
                    log::leadership,
                    () -> part.state().visible().index(),
                    log::batcherLoad,
                    log::figures));
        }
    }
}
