package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.RaftConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/**
 * How Ratis is set up. Neither {@code async-flush} nor {@code unsafe-flush} may ever be turned on: both acknowledge
 * entries that are not on disk. Public so that Ratis can be measured alone, set up as it is here.
 */
public final class RatisSettings {
    private static final SizeInBytes APPEND_BYTES_MAX = SizeInBytes.valueOf("4MB");

    /** Of the least election timeout. Short, because a new leader waits for its end; a reader renews it. */
    private static final double LEASE_RATIO = 0.4;

    private RatisSettings() {}

    /** A server of the configured group that runs the given state machine; not built yet. */
    public static RaftServer.Builder server(RaftConfig config, StateMachine stateMachine) {
        return server(config, stateMachine, member -> {});
    }

    /** @param broken gets the id of a member whose calls broke off */
    static RaftServer.Builder server(RaftConfig config, StateMachine stateMachine, Consumer<String> broken) {
        return server(config, of(config), broken).setStateMachine(stateMachine).setGroup(group(config));
    }

    /** A server of no group yet, which keeps to these properties, also when they change. */
    static RaftServer.Builder server(RaftConfig config, RaftProperties properties, Consumer<String> broken) {
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, new PeerCalls(broken));
        if (config.tls() != null) {
            GrpcConfigKeys.TLS.setConf(parameters, tls(config.tls()));
        }
        return RaftServer.newBuilder()
                .setParameters(parameters)
                .setServerId(RaftPeerId.valueOf(config.memberId()))
                .setProperties(properties)
                .setOption(RaftStorage.StartupOption.RECOVER);
    }

    /** The JVM's own TLS: it takes managers whose certificates change. */
    private static GrpcTlsConfig tls(RaftConfig.Tls tls) {
        return GrpcTlsConfig.newBuilder()
                .setKeyManager(tls.keys())
                .setTrustManager(tls.trust())
                .setMutualTls(true)
                .setSslProvider(SslProvider.JDK)
                .setProtocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    static RaftGroup group(RaftConfig config) {
        List<RaftPeer> peers = config.founding()
                ? config.members().stream().map(RaftMembers::peer).toList()
                : List.of();
        return RaftGroup.valueOf(RaftGroupId.valueOf(config.groupId()), peers);
    }

    static RaftProperties of(RaftConfig config) {
        RaftProperties properties = new RaftProperties();
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(config.directory().toFile()));
        log(properties, config.snapshots());
        // Of heap, for followers a little behind; those further behind are read for from disk.
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 1);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(
                properties, SizeInBytes.valueOf(config.part().share(32L << 20, 8L << 20)));
        elections(properties, config.elections());
        reads(properties);
        threads(properties);
        grpc(properties, config);
        return properties;
    }

    private static void log(RaftProperties properties, RaftConfig.Snapshots snapshots) {
        SizeInBytes segment = SizeInBytes.valueOf(snapshots.segmentBytes());
        SizeInBytes preallocated = SizeInBytes.valueOf(Math.min(256 << 10, snapshots.segmentBytes()));
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
        // One more entry, and one more fsync on every node, behind every commit, only to say so. PromptAppender tells
        // the followers instead. A node that comes back alone shows a little less until it has company.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, segment);
        // Zeros that are written ahead and then once more as entries. Measured with entries of 256 KiB: a device writes
        // 1.76 bytes per byte of payload with steps of 1 MiB, and 1.02 with these, at the same speed. With none, a lone
        // append of 1 KiB waits for the disk 0.19 ms instead of 0.13 ms.
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, preallocated);
        // Of direct memory; must hold the largest append, and a batch that fits is one write to the file.
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("8MB"));
        // Never reached by the few entries that are in flight: what fills it is a disk that hangs.
        RaftServerConfigKeys.Log.setQueueElementLimit(properties, 4096);
        RaftServerConfigKeys.Log.setQueueByteLimit(properties, SizeInBytes.valueOf("64MB"));
        // Two brakes that are on by default.
        RaftServerConfigKeys.Log.setReadLockEnabled(properties, false);
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(properties, false);
        // The other policy would silently drop acknowledged entries behind a damaged one.
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, CorruptionPolicy.EXCEPTION);
        // A dead follower must not keep the log for ever: it gets a snapshot when it comes back.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, snapshots.entriesKept());
        // Entries are big, and whole files are deleted anyway.
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, APPEND_BYTES_MAX);
        RaftServerConfigKeys.Log.Appender.setBufferElementLimit(properties, 0);
        // By default each append to a follower sleeps until 1 ms after the one before.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
        // By default a follower that was down for some seconds waits five more until the leader tries again.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,10, 200ms,1000000");
        // A follower that fell behind is told, and fetches the snapshot itself.
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
        // SnapshotTrigger goes by bytes and time; Ratis would count entries.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
        RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("64MB"));
        RaftServerConfigKeys.Write.setElementLimit(properties, 1024);
        // Retries are told apart by the state machine; this cache only costs heap.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(10_000));
    }

    private static void elections(RaftProperties properties, RaftConfig.Elections elections) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(elections.timeoutMin()));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(elections.timeoutMax()));
        // At start nobody leads who could be deposed.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(300));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(600));
        // An append to a slow disk must not count as lost.
        RaftServerConfigKeys.Rpc.setRequestTimeout(properties, millis(3_000));
        RaftServerConfigKeys.Rpc.setSlownessTimeout(properties, millis(30_000));
        // The default of 10 s would leave three nodes without a leader that long after two short outages.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(3_000));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        // A follower that slept so much longer than it meant to was itself the one that stood still.
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, millis(300));
        // A virtual machine may sleep without losing its node.
        RaftServerConfigKeys.setCloseThreshold(properties, millis(300_000));
        // An entry may hold 1 MiB: fewer of them are "nearly caught up".
        RaftServerConfigKeys.setStagingCatchupGap(properties, 32);
    }

    private static void reads(RaftProperties properties) {
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
        RaftServerConfigKeys.Read.setLeaderLeaseTimeoutRatio(properties, LEASE_RATIO);
    }

    /**
     * So long must a leader have been silent before a follower may vote for another, even one that is certainly gone:
     * an acknowledgement of ours may have let it answer reads by itself for its lease. The rest is for clocks that
     * differ in their pace.
     */
    static Duration quietBeforeElection(RaftConfig.Elections elections) {
        return Duration.ofNanos((long) (elections.timeoutMin().toNanos() * LEASE_RATIO * 1.25));
    }

    private static void threads(RaftProperties properties) {
        // Few and fixed: nothing on the way of an entry blocks in them.
        RaftServerConfigKeys.ThreadPool.setProxyCached(properties, false);
        RaftServerConfigKeys.ThreadPool.setProxySize(properties, 4);
        RaftServerConfigKeys.ThreadPool.setServerCached(properties, false);
        RaftServerConfigKeys.ThreadPool.setServerSize(properties, 4);
        RaftServerConfigKeys.ThreadPool.setClientCached(properties, false);
        RaftServerConfigKeys.ThreadPool.setClientSize(properties, 2);
    }

    private static void grpc(RaftProperties properties, RaftConfig config) {
        RaftConfigKeys.Rpc.setType(properties, new PromptRpc());
        GrpcConfigKeys.Server.setPort(properties, config.port());
        if (!config.bindHost().isEmpty()) {
            GrpcConfigKeys.Server.setHost(properties, config.bindHost());
        }
        // Far above the entries in flight: once reached, each entry costs a heartbeat to each follower.
        GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, 128);
        // Heartbeats do not queue behind megabytes of entries.
        GrpcConfigKeys.Server.setHeartbeatChannel(properties, true);
        // None of its own: gRPC's are shared by the process. Ratis would listen for two seconds whether anybody still
        // needs its own, whenever a node stops.
        GrpcConfigKeys.Server.setBossGroupSize(properties, 0);
        GrpcConfigKeys.Server.setWorkerGroupSize(properties, 0);
        GrpcConfigKeys.Client.setWorkerGroupSize(properties, 0);
        // The default of 1 MiB is less than one entry with its frame.
        GrpcConfigKeys.setFlowControlWindow(properties, SizeInBytes.valueOf("4MB"));
        // At least the largest append and 1 MiB.
        GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("64MB"));
    }

    private static TimeDuration millis(Duration duration) {
        return millis(duration.toMillis());
    }

    private static TimeDuration millis(long count) {
        return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
    }
}
