package io.eckermann.gateway.node;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.access.AccessHandler;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cluster.ClockJumps;
import io.eckermann.gateway.cluster.ClockWatch;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.PeerTable;
import io.eckermann.gateway.cluster.Readiness;
import io.eckermann.gateway.cluster.ScavengeHandler;
import io.eckermann.gateway.cluster.StorageWatch;
import io.eckermann.gateway.consume.ConsumeHandler;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.groups.GroupHandler;
import io.eckermann.gateway.groups.GroupShard;
import io.eckermann.gateway.grpc.AccessService;
import io.eckermann.gateway.grpc.BackupsService;
import io.eckermann.gateway.grpc.ClusterService;
import io.eckermann.gateway.grpc.ConsumersService;
import io.eckermann.gateway.grpc.CursorsService;
import io.eckermann.gateway.grpc.GoetheService;
import io.eckermann.gateway.grpc.GroupsService;
import io.eckermann.gateway.grpc.GrpcDoor;
import io.eckermann.gateway.grpc.LogService;
import io.eckermann.gateway.grpc.SchemasService;
import io.eckermann.gateway.grpc.TopicsService;
import io.eckermann.gateway.grpc.WebhooksService;
import io.eckermann.gateway.http.HttpDoor;
import io.eckermann.gateway.http.UseCases;
import io.eckermann.gateway.peers.Forwarding;
import io.eckermann.gateway.peers.Greeting;
import io.eckermann.gateway.peers.Greetings;
import io.eckermann.gateway.peers.LeaderRoute;
import io.eckermann.gateway.peers.LogBarrier;
import io.eckermann.gateway.peers.PeersService;
import io.eckermann.gateway.peers.SnapshotDownload;
import io.eckermann.gateway.peers.SnapshotSender;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.gateway.webhooks.WebhookCalls;
import io.eckermann.gateway.webhooks.WebhookHandler;
import io.eckermann.raftlog.FailStop;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.statemachine.GroupView;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.storage.StorageSettings;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One node: puts everything together and does nothing else. {@link #start} is the list of its parts in their order;
 * they stop in the reverse of it. Started once; closed from any thread, any number of times.
 */
public final class Node implements AutoCloseable {
    private static final long POLL_MS = 1_000;
    private static final long WATCH_MS = 200;

    private final NodeConfig config;
    private final Clock clock;
    private final FailStop failStop;
    private final Parts parts = new Parts();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> removed = new CompletableFuture<>();
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
            while (!startParts()) {
                parts.stop();
            }
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

    /** False when the node has got another id, and must begin anew. */
    private boolean startParts() throws IOException, StartException, InterruptedException, Greeting.RefusedException {
        DataDirectory directory = parts.add("data directory", openDirectory());
        String self = directory.memberId();
        NodeThreads threads = parts.add("threads", new NodeThreads(self));
        NodeTls tls = Certificates.open(config, threads, parts);
        Upkeep upkeep = new Upkeep(config, clock, threads, parts);
        StateMachine state = parts.add("state machine", stateMachine(directory));
        Neighbours others = parts.add(
                "connections to peers", new Neighbours(config, directory, threads.peers(), clock, tls, removed));

        LateLog log = new LateLog();
        ClockWatch clockWatch = clockWatch(others.table(), log, state);
        Readiness readiness =
                new Readiness(log::leadership, others.members()::isMember, others::cutOff, clockWatch::problem);
        Conduct conduct = new Conduct(config.clusterId(), others, log::leadership, readiness, threads.timer());
        Care care = new Care(config, state, others);
        StorageWatch storage = new StorageWatch(directory.raft(), directory.state(), log::payloadBytes);
        ClusterMap cluster = clusterMap(log, others, readiness, upkeep.disk(storage, care));
        LeaderRoute route = new LeaderRoute(self, log, clockWatch, new Forwarding(others.channels()), threads.timer());
        Shard shard = new Shard(state.view(), state.headSignal(), route, new LogBarrier(log, threads.timer()));
        WebhookCalls calls =
                parts.add("calls of webhooks", new WebhookCalls(config.webhookTargets(), config.webhooksOrigin()));
        ClusterHandler seen = cluster.with(conduct.routed());
        Gatekeeping gates = new Gatekeeping(config, self, state, shard, threads, tls, clock);
        UseCases.Handlers handlers = handlers(shard, threads, seen, care.scavenges(), calls, gates);

        PeersService peers = peersService(directory, threads, state, others, cluster, route, care, conduct);
        Metering metering = metering(state, handlers, storage, care);
        List<BindableService> forOperators = List.of(
                new ClusterService(seen, care.scavenges(), care.scrubs()),
                backups(directory, state, shard, threads),
                peers);
        GrpcDoor grpc = grpcDoor(
                handlers, forOperators, gates.watchers(metering.metrics().requests()), tls);
        AutoCloseable grpcStop = parts.add("gRPC door", () -> grpc.stop(config.shutdownTimeout()));
        grpc.start();
        HttpDoor http = new HttpDoor(
                PartConfigs.http(config, tls), handlers, metering.metrics(), threads.reads(), gates.guard());
        open(http, others, threads);

        readiness.phase("waiting for the other nodes to greet it");
        if (!others.entrance().pass(() -> stopping)) {
            return false;
        }
        readiness.phase("starting Raft");
        RatisLog raft = startRaft(state, others, threads, tls, clockWatch);
        conduct.started(raft);
        upkeep.retain(shard, log, care);
        directory.markJoined();
        log.started(raft);
        // The doors opened before the log did, but their calls must finish before the log stops.
        parts.stopSooner(grpcStop, http);
        metering.watch(config, cluster, state, raft);
        parts.add("leadership", conduct::handOnForGood);
        gates.keep(log::leadership, parts);
        metering.watch(upkeep.sendWebhooks(shard, log, handlers.groups(), calls));

        ReadyWatch watch =
                new ReadyWatch(readiness, log, shard.barrier(), grpc::serving, conduct.handover()::handOn, ready);
        watch(watch, others, raft, threads);
        parts.add("readiness", () -> unready(readiness, grpc));
        running = new Running(state, raft, seen, directory);
        return true;
    }

    /** Before the other nodes have to be there, so that who waits for them can ask whether and why it waits. */
    private void open(HttpDoor http, Neighbours others, NodeThreads threads) throws IOException {
        parts.add("HTTP door", http).start();
        var polling = threads.every(POLL_MS, others.table()::poll);
        parts.add("polling of peers", () -> polling.cancel(false));
    }

    private static void unready(Readiness readiness, GrpcDoor grpc) {
        readiness.phase("stopping");
        grpc.serving(false);
    }

    private DataDirectory openDirectory() throws StartException {
        return DataDirectory.open(
                config.dataDirectory(), config.clusterId(), config.self().id());
    }

    private PeersService peersService(
            DataDirectory directory,
            NodeThreads threads,
            StateMachine state,
            Neighbours others,
            ClusterMap cluster,
            LeaderRoute route,
            Care care,
            Conduct conduct)
            throws IOException {
        return new PeersService(
                new Greetings(directory.greetings(), config.clusterId(), directory.restored(), others.members()),
                cluster::status,
                route,
                snapshotSender(state, directory, threads),
                care.scavenges()::here,
                conduct.own(),
                care.mending(),
                threads.streams());
    }

    private RatisLog startRaft(
            StateMachine state, Neighbours others, NodeThreads threads, @Nullable NodeTls tls, ClockWatch clockWatch)
            throws IOException {
        RatisLog raft = parts.add(
                "Raft log",
                new RatisLog(
                        others.entrance().raftConfig(tls),
                        state,
                        new SnapshotDownload(config.clusterId(), others.channels(), threads.timer()),
                        failStop,
                        clockWatch::timeNs));
        raft.start();
        others.began(raft::membership);
        return raft;
    }

    private void watch(ReadyWatch watch, Neighbours others, RatisLog raft, NodeThreads threads) {
        raft.onRemoval(others::removed);
        raft.room().elsewhere(others::haveRoom);
        var watching = threads.every(WATCH_MS, () -> {
            others.follow();
            watch.look();
        });
        var looking = threads.every(POLL_MS, others::look);
        parts.add("watches", () -> {
            watching.cancel(false);
            looking.cancel(false);
        });
    }

    private SnapshotSender snapshotSender(StateMachine state, DataDirectory directory, NodeThreads threads)
            throws IOException {
        SnapshotSender snapshots = new SnapshotSender(
                config.clusterId(),
                state::latestSnapshot,
                state.kept()::verify,
                directory.sending(),
                threads.snapshots(),
                config.snapshotSpeed().bytes());
        snapshots.clear();
        return snapshots;
    }

    private ClusterMap clusterMap(LateLog log, Neighbours others, Readiness readiness, ClusterMap.Disk disk) {
        return new ClusterMap(
                config.clusterId(), others.members(), log::leadership, others.table(), readiness, disk, clock);
    }

    /** The use cases, for both doors. */
    private UseCases.Handlers handlers(
            Shard shard,
            NodeThreads threads,
            ClusterHandler cluster,
            ScavengeHandler scavenges,
            WebhookCalls calls,
            Gatekeeping gates) {
        GroupHandler groups = groups(shard, threads);
        return new UseCases.Handlers(
                new AppendHandler(
                        shard,
                        threads.reads(),
                        new Idempotency(config.idempotencyResultsMax(), config.idempotencyAge()),
                        gates.quotas()),
                new ReadHandler(shard, threads.reads(), threads.streams(), threads.timer()),
                new TopicHandler(shard, threads.reads()),
                new EventHandler(shard, threads.reads()),
                new CursorHandler(shard, threads.reads(), Clock.systemUTC()),
                groups,
                new WebhookHandler(shard, groups, calls, threads.reads()),
                cluster,
                scavenges,
                new SchemaHandler(shard, threads.reads()),
                new AccessHandler(shard, threads.reads(), gates.access(), clock));
    }

    private GroupHandler groups(Shard shard, NodeThreads threads) {
        GroupView groups = shard.view().groups();
        return new GroupHandler(new GroupShard(shard, groups, groups.news(), threads.reads(), threads.timer(), clock));
    }

    private Metering metering(StateMachine state, UseCases.Handlers handlers, StorageWatch storage, Care care) {
        Metering metering = new Metering();
        metering.watch(config, clock, state, handlers.reads().served(), storage);
        metering.watch(care.scrubber());
        return metering;
    }

    private BackupsService backups(DataDirectory directory, StateMachine state, Shard shard, NodeThreads threads) {
        BackupsService.Fresh fresh = () -> {
            shard.barrier().linearizable(Conduct.ASK_TIMEOUT).join();
            state.takeSnapshot();
        };
        return new BackupsService(
                new BackupsService.Source(
                        config.clusterId(), directory.memberId(), ClusterMap.VERSION, fresh, state::latestSnapshot),
                state.kept()::verify,
                directory.sending(),
                threads.copies(),
                clock);
    }

    private GrpcDoor grpcDoor(
            UseCases.Handlers handlers,
            List<BindableService> forOperators,
            List<ServerInterceptor> watchers,
            @Nullable NodeTls tls) {
        ConsumeHandler consumers = new ConsumeHandler(handlers.reads(), handlers.cursors());
        List<BindableService> services = new ArrayList<>(List.of(
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
                        // Whoever may append may not make topics for that.
                        config.goetheCreatesTopics() && !config.isSecured()),
                new SchemasService(handlers.schemas()),
                new AccessService(handlers.access())));
        services.addAll(forOperators);
        return new GrpcDoor(PartConfigs.grpc(config, tls), services, watchers);
    }

    private static String sentence(Exception e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.endsWith(".") ? message : message + ".";
    }

    /** Completes when the node is ready for the first time. */
    public CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** Completes when the cluster has removed the node, which must be closed then. */
    public CompletableFuture<Void> removed() {
        return removed.copy();
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
