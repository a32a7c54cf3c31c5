package io.eckermann.gateway.metrics;

import io.eckermann.raftlog.BatcherLoad;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.LogFigure;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A node's part in a shard's Raft group, and the way of entries until they are readable. */
public final class RaftSource implements Source {
    private final String shard;
    private final Supplier<Leadership> leadership;
    private final LongSupplier visible;
    private final Supplier<BatcherLoad> batcher;
    private final Supplier<List<LogFigure>> figures;

    /**
     * @param shard what the shard is called
     * @param visible the last entry that readers see
     * @param figures what the log's machinery counts
     */
    public RaftSource(
            String shard,
            Supplier<Leadership> leadership,
            LongSupplier visible,
            Supplier<BatcherLoad> batcher,
            Supplier<List<LogFigure>> figures) {
        this.shard = shard;
        this.leadership = leadership;
        this.visible = visible;
        this.batcher = batcher;
        this.figures = figures;
    }

    @Override
    public void tell(Samples samples) {
        Leadership now = leadership.get();
        long seen = visible.getAsLong();
        for (Leadership.Role role : Leadership.Role.values()) {
            samples.gauge(
                    "eckermann_raft_role",
                    "1 for the role that this node has in the shard, 0 for the others.",
                    role == now.role() ? 1 : 0,
                    "shard",
                    shard,
                    "role",
                    role.name().toLowerCase(Locale.ROOT));
        }
        gauge(
                samples,
                "eckermann_raft_leader_known",
                "Whether this node knows a leader.",
                now.leader() == null ? 0 : 1);
        gauge(samples, "eckermann_raft_term", "The term this node is in.", now.term());
        gauge(samples, "eckermann_raft_commit_index", "The last entry known to be committed.", now.committed());
        gauge(samples, "eckermann_raft_applied_index", "The last entry applied.", now.applied());
        gauge(samples, "eckermann_raft_visible_index", "The last entry that readers see.", seen);
        gauge(samples, "eckermann_raft_snapshot_index", "The last entry covered by a snapshot.", now.snapshot());
        gauge(
                samples,
                "eckermann_apply_backlog_entries",
                "Entries that are committed and that readers do not see yet.",
                Math.max(0, now.committed() - seen));
        tellBatcher(samples, batcher.get());
        figures.get().forEach(figure -> tell(samples, figure));
    }

    private void gauge(Samples samples, String name, String help, long value) {
        samples.gauge(name, help, value, "shard", shard);
    }

    private void tellBatcher(Samples samples, BatcherLoad load) {
        gauge(
                samples,
                "eckermann_batcher_entries_in_flight",
                "Entries that this node proposed and that are not answered yet.",
                load.entriesInFlight());
        gauge(
                samples,
                "eckermann_batcher_waiting_operations",
                "Operations that wait to become part of an entry.",
                load.operationsWaiting());
        gauge(
                samples,
                "eckermann_batcher_held_bytes",
                "Bytes of operations that are not answered yet; beyond 32 MiB they are refused as OVERLOADED.",
                load.heldBytes());
        samples.counter(
                "eckermann_batcher_entries_total", "Entries that this node proposed.", load.entries(), "shard", shard);
        samples.counter(
                "eckermann_batcher_operations_total",
                "Operations in the entries that this node proposed.",
                load.operations(),
                "shard",
                shard);
    }

    private void tell(Samples samples, LogFigure figure) {
        String[] labels = figure.peer().isEmpty()
                ? new String[] {"shard", shard}
                : new String[] {"shard", shard, "peer", figure.peer()};
        LogFigure.Times times = figure.times();
        if (times != null) {
            samples.summary(
                    figure.name(),
                    figure.help(),
                    (long) figure.value(),
                    times.median(),
                    times.p99(),
                    times.max(),
                    labels);
        } else if (figure.kind() == LogFigure.Kind.COUNTER) {
            samples.counter(figure.name(), figure.help(), figure.value(), labels);
        } else {
            samples.gauge(figure.name(), figure.help(), figure.value(), labels);
        }
    }
}
