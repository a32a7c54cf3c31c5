package io.eckermann.gateway.node;

import io.eckermann.gateway.Shards;
import io.eckermann.gateway.access.AccessHandler;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.Readiness;
import io.eckermann.gateway.cluster.ScavengeHandler;
import io.eckermann.gateway.cluster.StorageWatch;
import io.eckermann.gateway.consume.ConsumeHandler;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.grpc.AccessService;
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
import io.eckermann.gateway.peers.Greeting;
import io.eckermann.gateway.peers.PeersService;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.read.ReadMemory;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import io.eckermann.gateway.webhooks.WebhookCalls;
import io.eckermann.gateway.webhooks.WebhookHandler;
import io.eckermann.raftlog.FailStop;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.CommandCodec;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: puts everything together and does nothing else. {@link #start} is the list of its parts in their order;
 * they stop in the reverse of it. Started once; closed from any thread, any number of times.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final long POLL_MS = 1_000;
    private static final long WATCH_MS = 200;
    private static final long DNS_MS = 5_000;

    private final NodeConfig config;
    private final Clock clock;
    private final FailStop failStop;
    private final Parts parts = new Parts();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> removed = new CompletableFuture<>();
    private volatile boolean stopping;
    private volatile @Nullable DataDirectory opened;
    /** What was found damaged since that was opened, in a word. */
    private volatile String damage = "";
    /** Whether the others were asked, at this start, to remove the node, and did not. */
    private volatile boolean asked;

    private volatile @Nullable Running running;

    /** What tests and {@link Main} look at once the node runs; state and log are the first shard's. */
    record Running(
            StateMachine state,
            RatisLog log,
            ClusterHandler cluster,
            DataDirectory directory,
            NodeShards shards,
            List<RatisLog> logs) {}

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
            startOnce();
        } catch (StartException | RuntimeException e) {
            if (damage.isEmpty() || asked || !Surrender.mayHelp(config)) {
                throw e;
            }
            LOG.error("The node does not start with what it has: {}", sentence(e));
            startOnce();
        }
    }

    private void startOnce() throws StartException, InterruptedException {
        try {
            while (!startParts()) {
                parts.stop();
            }
        } catch (StartException | InterruptedException | RuntimeException e) {
            note(e);
            parts.stop();
            throw e;
        } catch (IOException | Greeting.RefusedException e) {
            note(e);
            parts.stop();
            throw new StartException(sentence(e), e);
        }
    }

    /** False when the node has got another id, and must begin anew. */
    private boolean startParts() throws IOException, StartException, InterruptedException, Greeting.RefusedException {
        DataDirectory directory = parts.add("data directory", openDirectory());
        String self = directory.memberId();
        NodeThreads threads = parts.add("threads", new NodeThreads(self));
        NodeTls tls = Certificates.open(config, threads, parts);
        Upkeep upkeep = new Upkeep(config, clock, threads, parts);
        List<StateMachine> states = NodeShards.open(config, directory, parts);
        Neighbours others = parts.add(
                "connections to peers", new Neighbours(config, directory, threads.peers(), clock, tls, removed));

        NodeShards shards = new NodeShards(config, threads, clock, states, others);
        Readiness readiness =
                new Readiness(shards::leastReady, others.members()::isMember, others::cutOff, shards::clockProblem);
        Conduct conduct = new Conduct(config.clusterId(), others, shards, readiness, threads.timer());
        Care care = new Care(config, shards, others);
        Comparing comparing = new Comparing(config, shards, threads, parts);
        StorageWatch storage = storage(directory, shards);
        Metering metering = new Metering(config, clock, parts);
        ClusterMap cluster =
                clusterMap(others, readiness, shards, upkeep.resources(storage, care, comparing, metering));
        WebhookCalls calls =
                parts.add("calls of webhooks", new WebhookCalls(config.webhookTargets(), config.webhooksOrigin()));
        ClusterHandler seen = cluster.with(conduct.routed(), shards.shards());
        Gatekeeping gates = new Gatekeeping(config, self, shards, threads, tls, clock);
        UseCases.Handlers handlers = handlers(shards, threads, seen, care.scavenges(), calls, gates);

        PeersService peers = peersService(directory, threads, others, cluster, shards, care, conduct);
        metering.watch(config, clock, shards, handlers.reads(), storage);
        metering.watch(care, gates.quotas());
        List<BindableService> forOperators = List.of(
                new ClusterService(seen, care.scavenges(), care.scrubs(), comparing.handler(), shards.shards()),
                shards.backups(directory),
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
        List<RatisLog> logs = startLogs(shards, others, tls, conduct);
        upkeep.retain(shards, care, () -> others.table().commandFormat(CommandCodec.FORMAT_NEWEST));
        directory.markJoined();
        shards.started(logs);
        // The doors opened before the log did, but their calls must finish before the log stops.
        parts.stopSooner(grpcStop, http);
        metering.watch(config, cluster, shards, logs);
        parts.add("leadership", conduct::handOnForGood);
        gates.keep(shards.first().log()::leadership, parts);
        metering.watch(upkeep.sendWebhooks(shards, handlers.groups(), calls));

        ReadyWatch watch = new ReadyWatch(
                readiness, shards, grpc::serving, () -> upkeep.diskProblem(others, conduct), conduct::handOn, ready);
        watch(watch, others, logs, threads, conduct.spread());
        comparing.begin(cluster, directory, readiness, conduct, failStop);
        parts.add("readiness", () -> unready(readiness, grpc));
        running = new Running(shards.first().state(), logs.get(0), seen, directory, shards, logs);
        return true;
    }

    private List<RatisLog> startLogs(NodeShards shards, Neighbours others, @Nullable NodeTls tls, Conduct conduct)
            throws IOException, InterruptedException {
        List<RatisLog> logs = shards.start(others, tls, this::failed, parts);
        others.began(logs);
        conduct.started(logs);
        return logs;
    }

    /** Before the other nodes have to be there, so that who waits for them can ask whether and why it waits. */
    private void open(HttpDoor http, Neighbours others, NodeThreads threads) throws IOException {
        parts.add("HTTP door", http).start();
        var polling = threads.every(POLL_MS, others.table()::poll);
        parts.add("polling of peers", () -> polling.cancel(false));
        SrvNodes srv = SrvNodes.of(config);
        if (srv != null) {
            var asking = threads.every(DNS_MS, () -> threads.peers().execute(() -> others.found(srv.look())));
            parts.add("asking of DNS", () -> asking.cancel(false));
        }
    }

    private static void unready(Readiness readiness, GrpcDoor grpc) {
        readiness.phase("stopping");
        grpc.serving(false);
    }

    private DataDirectory openDirectory() throws StartException, IOException, InterruptedException {
        DataDirectory directory = Surrender.open(config, clock, damage, () -> stopping);
        asked = !directory.damaged().isEmpty();
        damage = "";
        opened = directory;
        return directory;
    }

    /** Damage must be known to the next process. */
    private void note(@Nullable Throwable failure) {
        DataDirectory directory = opened;
        String what = Surrender.damageIn(failure);
        if (!what.isEmpty() && directory != null) {
            damage = what;
            Surrender.note(directory, what);
        }
    }

    private void failed(String reason, @Nullable Throwable cause) {
        note(cause);
        failStop.stop(reason, cause);
    }

    private PeersService peersService(
            DataDirectory directory,
            NodeThreads threads,
            Neighbours others,
            ClusterMap cluster,
            NodeShards shards,
            Care care,
            Conduct conduct)
            throws IOException {
        return new PeersService(
                others.greetings(),
                cluster::status,
                shards.all().stream().map(ShardPart::route).toList(),
                shards.snapshotSenders(directory, this::failed, conduct::handOnSoon),
                care.scavenges()::here,
                conduct.own(),
                care.mending(),
                threads.streams());
    }

    private void watch(
            ReadyWatch watch, Neighbours others, List<RatisLog> logs, NodeThreads threads, LeaderSpread spread) {
        // The first shard is the last one that a node leaves: before, the others may need it for their majorities.
        logs.get(0).onRemoval(() -> others.toldItIsNoMember(failStop));
        for (int shard = 1; shard < logs.size(); shard++) {
            int number = shard;
            logs.get(shard).onRemoval(() -> others.toldItIsNoMemberOf(number));
        }
        logs.forEach(log -> log.room().elsewhere(others::haveRoom));
        var watching = threads.every(WATCH_MS, () -> {
            others.follow();
            watch.look();
        });
        var looking = threads.every(POLL_MS, () -> {
            others.look(failStop);
            spread.look();
        });
        parts.add("watches", () -> {
            watching.cancel(false);
            looking.cancel(false);
        });
    }

    private static StorageWatch storage(DataDirectory directory, NodeShards shards) {
        return new StorageWatch(
                directory.raft(),
                shards.all().stream()
                        .map(part -> directory.state(part.number()))
                        .toList(),
                shards::payloadBytes);
    }

    private ClusterMap clusterMap(
            Neighbours others, Readiness readiness, NodeShards shards, ClusterMap.Resources resources) {
        return new ClusterMap(
                config.clusterId(), others.members(), shards::leaderships, others.table(), readiness, resources, clock);
    }

    /** The use cases, for both doors. */
    private UseCases.Handlers handlers(
            NodeShards parts,
            NodeThreads threads,
            ClusterHandler cluster,
            ScavengeHandler scavenges,
            WebhookCalls calls,
            Gatekeeping gates) {
        Shards shards = parts.shards();
        GroupUseCases groups = parts.groups();
        return new UseCases.Handlers(
                new AppendHandler(
                        shards,
                        threads.reads(),
                        new Idempotency(config.idempotencyResultsMax(), config.idempotencyAge()),
                        gates.quotas()),
                new ReadHandler(
                        shards,
                        threads.reads(),
                        threads.streams(),
                        threads.timer(),
                        gates.quotas(),
                        ReadMemory.within(GrpcDoor.buffersBytesMax())),
                new TopicHandler(shards, threads.reads()),
                new EventHandler(shards, threads.reads()),
                new CursorHandler(shards, threads.reads(), Clock.systemUTC()),
                groups,
                new WebhookHandler(shards, groups, calls, threads.reads()),
                cluster,
                scavenges,
                new SchemaHandler(shards, threads.reads()),
                // Keys and rules are the cluster's, and the first shard has them.
                new AccessHandler(parts.first().shard(), threads.reads(), gates.access(), clock));
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
