package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.LogFigure;
import io.eckermann.raftlog.LogFigure.Kind;
import io.eckermann.raftlog.LogFigure.Times;
import io.eckermann.raftlog.RaftConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.impl.RatisMetricRegistryImpl;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.codahale.metrics.Counter;
import org.apache.ratis.thirdparty.com.codahale.metrics.Gauge;
import org.apache.ratis.thirdparty.com.codahale.metrics.Metric;
import org.apache.ratis.thirdparty.com.codahale.metrics.Snapshot;
import org.apache.ratis.thirdparty.com.codahale.metrics.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Ratis measures of one member out of its registries, which are the process's: those figures that tell an
 * operator something, by names of ours. From any thread; touches no disk.
 */
final class RatisFigures {
    private static final double SECONDS_PER_NANO = 1.0 / TimeUnit.SECONDS.toNanos(1);

    private static final List<Source> SOURCES = List.of(
            source(
                    "log_worker",
                    "flushTime",
                    Kind.TIMER,
                    "log_flush_seconds",
                    "Writing and forcing a batch of entries"),
            source("log_worker", "syncTime", Kind.TIMER, "log_sync_seconds", "Forcing the log to the disk"),
            source("log_worker", "queueingDelay", Kind.TIMER, "log_queue_seconds", "Waiting of entries to be written"),
            source("log_worker", "appendEntryLatency", Kind.TIMER, "log_append_seconds", "An entry into the log"),
            source("log_worker", "dataQueueSize", Kind.GAUGE, "log_queue_entries", "Entries waiting to be written"),
            source("log_worker", "workerQueueSize", Kind.GAUGE, "log_unforced_tasks", "Written, waiting to be forced"),
            source("log_worker", "syncBatchSize", Kind.GAUGE, "log_sync_batch_entries", "Entries forced together last"),
            source("log_worker", "cacheHitCount", Kind.COUNTER, "log_cache_hits_total", "Entries found in memory"),
            source("log_worker", "cacheMissCount", Kind.COUNTER, "log_cache_misses_total", "Entries read from disk"),
            source("log_worker", "closedSegmentsNum", Kind.GAUGE, "log_closed_segments", "Full files of the log"),
            source(
                    "log_worker",
                    "closedSegmentsSizeInBytes",
                    Kind.GAUGE,
                    "log_closed_segments_bytes",
                    "Bytes of full files of the log"),
            source(
                    "log_worker",
                    "openSegmentSizeInBytes",
                    Kind.GAUGE,
                    "log_open_segment_bytes",
                    "Bytes of the file that is written"),
            source(
                    "leader_election",
                    "electionCount",
                    Kind.COUNTER,
                    "elections_total",
                    "Elections that this node began"),
            source(
                    "leader_election",
                    "timeoutCount",
                    Kind.COUNTER,
                    "election_timeouts_total",
                    "Elections of this node that nobody won in time"),
            source("leader_election", "electionTime", Kind.TIMER, "election_seconds", "Elections that this node began"),
            source(
                    "leader_election",
                    "transferLeadershipCount",
                    Kind.COUNTER,
                    "leadership_transfers_total",
                    "Times that this node handed leadership on"),
            source(
                    "server",
                    "follower_append_entry_latency",
                    Kind.TIMER,
                    "follower_append_seconds",
                    "Taking in what the leader sent, on a follower"),
            source("server", "numPendingRequestInQueue", Kind.GAUGE, "pending_requests", "Entries not yet committed"),
            source(
                    "server",
                    "numInstallSnapshot",
                    Kind.COUNTER,
                    "snapshots_announced_total",
                    "Snapshots sent or taken"),
            source(
                    "server",
                    "%s_lastHeartbeatElapsedTime",
                    Kind.GAUGE,
                    "peer_silence_seconds",
                    "Since the peer answered the leader last"),
            source(
                    "log_appender",
                    "follower_%s_match_index",
                    Kind.GAUGE,
                    "peer_match_index",
                    "The last entry that the peer is known to have; at the leader"));

    private final String memberId;
    private final String part;
    private final boolean isFirst;

    /** @param config of whom figures are read; several members, and groups of them, may be in one process */
    RatisFigures(RaftConfig config) {
        memberId = config.memberId();
        part = RaftGroupMemberId.valueOf(RaftPeerId.valueOf(memberId), RaftGroupId.valueOf(config.groupId()))
                .toString();
        isFirst = config.part().number() == 0;
    }

    private record Source(String component, Pattern metric, Kind kind, String name, String help) {}

    private static Source source(String component, String metric, Kind kind, String name, String help) {
        String pattern =
                metric.contains("%s") ? Pattern.quote(metric).replace("%s", "\\E(.+)\\Q") : Pattern.quote(metric);
        return new Source(component, Pattern.compile(pattern), kind, "ratis_" + name, help + ", by Ratis.");
    }

    /** What is measured by now. */
    List<LogFigure> now() {
        List<LogFigure> figures = new ArrayList<>();
        for (RatisMetricRegistry registry : MetricRegistries.global().getMetricRegistries()) {
            MetricRegistryInfo info = registry.getMetricRegistryInfo();
            // What is no group's is told once.
            boolean isOurs = info.getPrefix().startsWith(part)
                    || (isFirst && info.getPrefix().equals(memberId));
            if (isOurs && registry instanceof RatisMetricRegistryImpl found) {
                found.getDropWizardMetricRegistry()
                        .getMetrics()
                        .forEach((name, metric) -> add(figures, info, shortName(info, name), metric));
            }
        }
        return figures;
    }

    /** Without what names the registry, which every name in it begins with. */
    private static String shortName(MetricRegistryInfo info, String name) {
        String before = info.getApplicationName() + "." + info.getMetricsComponentName() + "." + info.getPrefix() + ".";
        return name.startsWith(before) ? name.substring(before.length()) : name;
    }

    private static void add(List<LogFigure> figures, MetricRegistryInfo info, String name, Metric metric) {
        for (Source source : SOURCES) {
            Matcher matcher = source.metric().matcher(name);
            if (source.component().equals(info.getMetricsComponentName()) && matcher.matches()) {
                String peer = matcher.groupCount() == 0 ? "" : matcher.group(1);
                // Of gauges, Ratis tells durations in nanoseconds.
                boolean isNanos = source.kind() == Kind.GAUGE && source.name().endsWith("_seconds");
                double value = isNanos ? value(metric) * SECONDS_PER_NANO : value(metric);
                figures.add(new LogFigure(source.name(), source.help(), source.kind(), peer, value, times(metric)));
            }
        }
    }

    private static double value(Metric metric) {
        if (metric instanceof Counter counter) {
            return counter.getCount();
        } else if (metric instanceof Timer timer) {
            return timer.getCount();
        } else if (metric instanceof Gauge<?> gauge && gauge.getValue() instanceof Number number) {
            return number.doubleValue();
        }
        return Double.NaN;
    }

    private static @Nullable Times times(Metric metric) {
        if (!(metric instanceof Timer timer)) {
            return null;
        }
        Snapshot lately = timer.getSnapshot();
        return new Times(
                lately.getMedian() * SECONDS_PER_NANO,
                lately.get99thPercentile() * SECONDS_PER_NANO,
                lately.getMax() * SECONDS_PER_NANO);
    }
}
