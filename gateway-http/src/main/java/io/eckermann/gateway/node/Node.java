package io.eckermann.gateway.node;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cluster.ClockJumps;
import io.eckermann.gateway.cluster.ClockWatch;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.Nanos;
import io.eckermann.gateway.cluster.PeerTable;
import io.eckermann.gateway.cluster.Readiness;
import io.eckermann.gateway.cluster.ScavengeHandler;
import io.eckermann.gateway.cluster.Scavenger;
import io.eckermann.gateway.cluster.StorageWatch;
import io.eckermann.gateway.consume.ConsumeHandler;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.groups.GroupHandler;
import io.eckermann.gateway.groups.GroupShard;
import io.eckermann.gateway.grpc.ClusterService;
import io.eckermann.gateway.grpc.ConsumersService;
import io.eckermann.gateway.grpc.CursorsService;
import io.eckermann.gateway.grpc.GoetheService;
import io.eckermann.gateway.grpc.GroupsService;
import io.eckermann.gateway.grpc.GrpcDoor;
import io.eckermann.gateway.grpc.LogService;
import io.eckermann.gateway.grpc.MeteredCalls;
import io.eckermann.gateway.grpc.SchemasService;
import io.eckermann.gateway.grpc.TopicsService;
import io.eckermann.gateway.grpc.WebhooksService;
import io.eckermann.gateway.http.CloudEventRequests;
import io.eckermann.gateway.http.HttpDoor;
import io.eckermann.gateway.http.UseCases;
import io.eckermann.gateway.metrics.RequestMeter;
import io.eckermann.gateway.peers.Forwarding;
import io.eckermann.gateway.peers.Greeting;
import io.eckermann.gateway.peers.Greetings;
import io.eckermann.gateway.peers.LeaderRoute;
import io.eckermann.gateway.peers.LogBarrier;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.peers.PeerChannels;
import io.eckermann.gateway.peers.PeerStatus;
import io.eckermann.gateway.peers.PeersService;
import io.eckermann.gateway.peers.SnapshotDownload;
import io.eckermann.gateway.peers.SnapshotSender;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.gateway.topics.CompactionWatch;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.IndexWatch;
import io.eckermann.gateway.topics.RetentionWatch;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.gateway.webhooks.WebhookCalls;
import io.eckermann.gateway.webhooks.WebhookHandler;
import io.eckermann.gateway.webhooks.WebhookWatch;
import io.eckermann.raftlog.FailStop;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.statemachine.GroupView;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.storage.StorageSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: puts everything together and does nothing else. {@link #start} is the list of its parts in their order;
 * they stop in the reverse of it. Started once; closed from any thread, any number of times.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration DRAIN_MAX = Duration.ofSeconds(3);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(3);
    private static final long POLL_MS = 1_000;
    private static final long WATCH_MS = 200;
    private static final long STORAGE_MS = 2_000;

    private final NodeConfig config;
    private final Clock clock;
    private final FailStop failStop;
    private final Parts parts = new Parts();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile boolean stopping;
    private volatile @Nullable Running running;

    /** What tests and {@link Main} look at once the node runs. */
    record Running(StateMachine state, RatisLog log, ClusterHandler cluster, DataDirectory directory) {}

    /** Does nothing yet. */
    public Node(NodeConfig config, Clock clock, FailStop failStop) {
        this.config = config;
        this.clock = clock;
        this.failStop = failStop;
    }

    /**
     * Starts all parts; returns when the doors are open, which may take as long as the other nodes need to come up for
     * the first time. When it fails, everything is stopped again.
     *
     * @throws InterruptedException also when {@link #close} was called meanwhile
     */
    public synchronized void start() throws StartException, InterruptedException {
        try {
            startParts();
        } catch (StartException | InterruptedException | RuntimeException e) {
            parts.stop();
            throw e;
        } catch (IOException | Greeting.RefusedException e) {
            parts.stop();
            throw new StartException(sentence(e), e);
        }
    }

    private StateMachine stateMachine(DataDirectory directory) throws IOException {
        return StateMachine.open(
                directory.state(), StorageSettings.withTail(config.tailCache().bytes()));
    }

    private ClockWatch clockWatch(PeerTable table, LateLog log, StateMachine state) {
        ClockJumps jumps = new ClockJumps(clock, System::nanoTime, config.clockMaxOffset());
        return new ClockWatch(
                config.clockMaxOffset(), clock, jumps, table::clockOffsetsNs, log::leadership, state.view());
    }

    private void startParts() throws IOException, StartException, InterruptedException, Greeting.RefusedException {
        String self = config.self().id();
        DataDirectory directory =
                parts.add("data directory", DataDirectory.open(config.dataDirectory(), config.clusterId(), self));
        NodeThreads threads = parts.add("threads", new NodeThreads(self));
        NodeTls tls = Certificates.open(config, threads, parts);
        StateMachine state = parts.add("state machine", stateMachine(directory));
        PeerChannels channels =
                parts.add("connections to peers", new PeerChannels(config.others(), threads.peers(), tls));

        LateLog log = new LateLog();
        PeerStatus peerStatus = new PeerStatus(channels);
        PeerTable table =
                new PeerTable(config.clusterId(), config.others(), peer -> peerStatus.ask(peer, ASK_TIMEOUT), clock);
        ClockWatch clockWatch = clockWatch(table, log, state);
        Readiness readiness = new Readiness(log::leadership, clockWatch::problem);
        Scavenger scavenger = new Scavenger(self, state.scavenging(), scavengePlan());
        ScavengeHandler scavenges = scavenges(scavenger, peerStatus);
        StorageWatch storage = storageWatch(directory, log, threads);
        ClusterMap cluster = clusterMap(log, table, readiness, storage, scavenger);
        LeaderRoute route = new LeaderRoute(self, log, clockWatch, new Forwarding(channels), threads.timer());
        Shard shard = new Shard(state.view(), state.headSignal(), route, new LogBarrier(log, threads.timer()));
        WebhookCalls calls =
                parts.add("calls of webhooks", new WebhookCalls(config.webhookTargets(), config.webhooksOrigin()));
        UseCases.Handlers handlers = handlers(shard, threads, cluster, scavenges, calls);

        SnapshotSender snapshots = snapshotSender(state, directory, threads);
        Greetings greetings = new Greetings(directory.greetings(), config.clusterId(), self);
        PeersService peers =
                new PeersService(greetings, cluster::status, route, snapshots, scavenges::here, threads.streams());
        Metering metering = new Metering();
        metering.watch(config, clock, state, handlers.reads().served(), storage);
        GrpcDoor grpc = grpcDoor(handlers, peers, metering.metrics().requests(), tls);
        AutoCloseable grpcStop = parts.add("gRPC door", () -> grpc.stop(config.shutdownTimeout()));
        grpc.start();
        // It opens before the other nodes have to be there, so that who waits for them can ask whether and why it
        // waits.
        HttpDoor http = new HttpDoor(PartConfigs.http(config, tls), handlers, metering.metrics(), threads.reads());
        parts.add("HTTP door", http).start();
        var polling = threads.every(POLL_MS, table::poll);
        parts.add("polling of peers", () -> polling.cancel(false));

        readiness.phase("waiting for the other nodes to greet it");
        greet(directory, channels);
        readiness.phase("starting Raft");
        SnapshotDownload download = new SnapshotDownload(config.clusterId(), channels, threads.timer());
        RatisLog raft = parts.add("Raft log", raftLog(directory, state, download, tls));
        raft.start();
        retain(shard, log, threads, scavenger);
        directory.markJoined();
        log.started(raft);
        // The doors opened before the log did, but their calls must finish before the log stops.
        parts.stopSooner(grpcStop, http);
        metering.watch(config, cluster, state, raft);
        Handover handover = handover(raft, peerStatus);
        parts.add("leadership", () -> drain(handover));
        metering.watch(sendWebhooks(shard, log, threads, handlers, calls));

        ReadyWatch watch = new ReadyWatch(readiness, log, shard.barrier(), grpc::serving, handover::handOn, ready);
        var watching = threads.every(WATCH_MS, watch::look);
        parts.add("readiness", () -> {
            watching.cancel(false);
            readiness.phase("stopping");
            grpc.serving(false);
        });
        running = new Running(state, raft, cluster, directory);
    }

    private RatisLog raftLog(
            DataDirectory directory, StateMachine state, SnapshotDownload download, @Nullable NodeTls tls) {
        return new RatisLog(PartConfigs.raft(config, directory, tls), state, download, failStop, () -> Nanos.of(clock));
    }

    private Handover handover(RatisLog raft, PeerStatus peerStatus) {
        return new Handover(
                config.others().stream().map(Peer::id).toList(),
                () -> raft.leadership().role() == Leadership.Role.LEADER,
                peer -> peerStatus.ask(peer, ASK_TIMEOUT),
                raft::transferLeadership);
    }

    private SnapshotSender snapshotSender(StateMachine state, DataDirectory directory, NodeThreads threads)
            throws IOException {
        SnapshotSender snapshots = new SnapshotSender(
                config.clusterId(),
                state::latestSnapshot,
                state.kept()::verify,
                directory.sending(),
                threads.snapshots());
        snapshots.clear();
        return snapshots;
    }

    private StorageWatch storageWatch(DataDirectory directory, LateLog log, NodeThreads threads) {
        StorageWatch storage = new StorageWatch(directory.raft(), directory.state(), log::payloadBytes);
        var counting = threads.every(STORAGE_MS, () -> threads.peers().execute(storage::look));
        parts.add("counting of what is stored", () -> counting.cancel(false));
        return storage;
    }

    /** After the log has started: the scavenger's last act may be a snapshot, which needs it. */
    private void retain(Shard shard, LateLog log, NodeThreads threads, Scavenger scavenger) {
        parts.add("scavenger", scavenger).open();
        RetentionWatch retention = new RetentionWatch(shard, log::leadership, clock, threads.reads());
        CompactionWatch compaction =
                new CompactionWatch(shard, log::leadership, clock, compactionPlan(), threads.streams());
        IndexWatch index = new IndexWatch(shard, log::leadership, threads.streams());
        var retaining = threads.every(config.retentionInterval().toMillis(), () -> {
            retention.look();
            compaction.look();
            index.look();
        });
        parts.add("retention", () -> retaining.cancel(false));
    }

    /** It stops before leadership is handed on, so that the next leader finds nothing leased. */
    private WebhookWatch sendWebhooks(
            Shard shard, LateLog log, NodeThreads threads, UseCases.Handlers handlers, WebhookCalls calls) {
        WebhookWatch webhooks = new WebhookWatch(
                config.self().id(),
                shard,
                log::leadership,
                handlers.groups(),
                calls,
                new CloudEventRequests(),
                threads.timer(),
                clock);
        var looking = threads.every(WATCH_MS, webhooks::look);
        parts.add("webhooks", () -> {
            looking.cancel(false);
            webhooks.close();
        });
        return webhooks;
    }

    private CompactionWatch.Plan compactionPlan() {
        return new CompactionWatch.Plan(
                config.compactionMinAge(),
                config.compactionDirtyPercent(),
                config.compactionSpeed().bytes());
    }

    private ScavengeHandler scavenges(Scavenger scavenger, PeerStatus peerStatus) {
        return new ScavengeHandler(
                config.self().id(), config.nodes().stream().map(Peer::id).toList(), scavenger, peerStatus::scavenge);
    }

    private Scavenger.Plan scavengePlan() {
        return new Scavenger.Plan(
                config.scavengeInterval(),
                config.scavengeLivePercent(),
                config.scavengeSpeed().bytes());
    }

    private ClusterMap clusterMap(
            LateLog log, PeerTable table, Readiness readiness, StorageWatch storage, Scavenger scavenger) {
        return new ClusterMap(
                config.clusterId(),
                config.self(),
                config.nodes(),
                log::leadership,
                table,
                readiness,
                new ClusterMap.Disk(storage::last, scavenger::view),
                clock);
    }

    private void greet(DataDirectory directory, PeerChannels channels)
            throws Greeting.RefusedException, InterruptedException {
        if (!directory.joined() && !config.others().isEmpty()) {
            new Greeting(
                            channels,
                            config.others(),
                            config.clusterId(),
                            config.self().id(),
                            directory.incarnation())
                    .await(() -> stopping);
        }
    }

    /** The use cases, for both doors. */
    private UseCases.Handlers handlers(
            Shard shard, NodeThreads threads, ClusterHandler cluster, ScavengeHandler scavenges, WebhookCalls calls) {
        GroupHandler groups = groups(shard, threads);
        return new UseCases.Handlers(
                new AppendHandler(
                        shard,
                        threads.reads(),
                        new Idempotency(config.idempotencyResultsMax(), config.idempotencyAge())),
                new ReadHandler(shard, threads.reads(), threads.streams(), threads.timer()),
                new TopicHandler(shard, threads.reads()),
                new EventHandler(shard, threads.reads()),
                new CursorHandler(shard, threads.reads(), Clock.systemUTC()),
                groups,
                new WebhookHandler(shard, groups, calls, threads.reads()),
                cluster,
                scavenges,
                new SchemaHandler(shard, threads.reads()));
    }

    private GroupHandler groups(Shard shard, NodeThreads threads) {
        GroupView groups = shard.view().groups();
        return new GroupHandler(new GroupShard(shard, groups, groups.news(), threads.reads(), threads.timer(), clock));
    }

    private GrpcDoor grpcDoor(
            UseCases.Handlers handlers, PeersService peers, RequestMeter meter, @Nullable NodeTls tls) {
        ConsumeHandler consumers = new ConsumeHandler(handlers.reads(), handlers.cursors());
        return new GrpcDoor(
                PartConfigs.grpc(config, tls),
                List.of(
                        new LogService(handlers.appends(), handlers.reads()),
                        new TopicsService(handlers.topics(), handlers.events()),
                        new CursorsService(handlers.cursors()),
                        new GroupsService(handlers.groups()),
                        new WebhooksService(handlers.webhooks()),
                        new ConsumersService(consumers),
                        new GoetheService(
                                handlers.appends(),
                                handlers.topics(),
                                consumers,
                                handlers.reads(),
                                config.goetheCreatesTopics()),
                        new ClusterService(handlers.cluster(), handlers.scavenges()),
                        new SchemasService(handlers.schemas()),
                        peers),
                List.of(new MeteredCalls(meter)));
    }

    private static void drain(Handover handover) {
        try {
            handover.handOn().get(DRAIN_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("Leadership was not handed on: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String sentence(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.endsWith(".") ? message : message + ".";
    }

    /** Completes when the node is ready for the first time. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** Null before {@link #start} returned. */
    @Nullable
    Running running() {
        return running;
    }

    @Override
    public void close() {
        stopping = true;
        stopParts();
    }

    private synchronized void stopParts() {
        parts.stop();
        ready.cancel(false);
    }
}
