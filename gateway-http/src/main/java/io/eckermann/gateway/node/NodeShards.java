package io.eckermann.gateway.node;

import io.eckermann.gateway.PlacedShards;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.cluster.ClockJumps;
import io.eckermann.gateway.cluster.ClockWatch;
import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.FormatGate;
import io.eckermann.gateway.groups.GroupHandler;
import io.eckermann.gateway.groups.GroupShard;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.groups.PlacedGroups;
import io.eckermann.gateway.grpc.BackupsService;
import io.eckermann.gateway.peers.Forwarding;
import io.eckermann.gateway.peers.LeaderRoute;
import io.eckermann.gateway.peers.LogBarrier;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.peers.SnapshotDownload;
import io.eckermann.gateway.peers.SnapshotSender;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.raftlog.FailStop;
import io.eckermann.raftlog.Leadership;
import io.eckermann.raftlog.ratis.RatisLog;
import io.eckermann.raftlog.ratis.RatisLogs;
import io.eckermann.statemachine.GroupView;
import io.eckermann.statemachine.SnapshotCheck;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.StateMemory;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.storage.IndexDamage;
import io.eckermann.statemachine.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The shards of a node: what it has of each, and all of them together. Put together by one thread; questions come on any.
 * They have one memory for what is read and written; what each log holds of it is shared out among them.
 */
final class NodeShards {
    private final NodeConfig config;
    private final NodeThreads threads;
    private final Clock clock;
    private final List<ShardPart> parts = new ArrayList<>();
    private final Shards shards;

    /** @param states one for each shard */
    NodeShards(NodeConfig config, NodeThreads threads, Clock clock, List<StateMachine> states, Neighbours others) {
        this.config = config;
        this.threads = threads;
        this.clock = clock;
        ClockJumps jumps = new ClockJumps(clock, System::nanoTime, config.clockMaxOffset());
        for (StateMachine state : states) {
            parts.add(part(parts.size(), state, others, jumps));
        }
        List<Shard> all = parts.stream().map(ShardPart::shard).toList();
        shards = all.size() == 1 ? all.get(0) : new PlacedShards(all, threads.reads());
    }

    /** Opens the states of all shards, which share memory. */
    static List<StateMachine> open(NodeConfig config, DataDirectory directory, Parts started) throws IOException {
        StateMemory memory = started.add(
                "memory of states",
                new StateMemory(StorageSettings.withTail(config.tailCache().bytes())));
        List<StateMachine> states = new ArrayList<>();
        for (int shard = 0; shard < config.shards(); shard++) {
            states.add(started.add("state machine", StateMachine.open(directory.state(shard), memory)));
        }
        return states;
    }

    private ShardPart part(int number, StateMachine state, Neighbours others, ClockJumps jumps) {
        LateLog log = new LateLog();
        ClockWatch watch = new ClockWatch(
                config.clockMaxOffset(), clock, jumps, others.table()::clockOffsetsNs, log::leadership, state.view());
        LeaderRoute route = new LeaderRoute(
                others.members().self().id(),
                new FormatGate(log, state.view()::agreedFormat, CommandCodec::formatOf, CommandCodec.FORMAT_NEWEST),
                watch,
                new Forwarding(others.channels(), number),
                threads.timer());
        Shard shard = new Shard(state.view(), state.headSignal(), route, new LogBarrier(log, threads.timer()));
        return new ShardPart(number, state, log, watch, route, shard);
    }

    List<ShardPart> all() {
        return List.copyOf(parts);
    }

    ShardPart first() {
        return parts.get(0);
    }

    /** As the use cases see them. */
    Shards shards() {
        return shards;
    }

    List<Leadership> leaderships() {
        return parts.stream().map(part -> part.log().leadership()).toList();
    }

    /** Of the shard that is furthest from serving: of one that knows no leader, or else is catching up. */
    Leadership leastReady() {
        List<Leadership> all = leaderships();
        return all.stream()
                .filter(each -> each.leader() == null)
                .findFirst()
                .or(() -> all.stream().filter(NodeShards::isBehind).findFirst())
                .orElse(all.get(0));
    }

    private static boolean isBehind(Leadership each) {
        return each.role() == Leadership.Role.STARTING || each.role() == Leadership.Role.CLOSED;
    }

    /** In words; every shard's clock is the same one. */
    Optional<String> clockProblem() {
        return first().clock().problem();
    }

    long payloadBytes() {
        return parts.stream().mapToLong(part -> part.log().payloadBytes()).sum();
    }

    /** Waits until this node has all that was acknowledged, in each shard. */
    CompletableFuture<Void> linearizable(Duration timeout) {
        return CompletableFuture.allOf(parts.stream()
                .map(part -> part.shard().barrier().linearizable(timeout))
                .toArray(CompletableFuture[]::new));
    }

    GroupUseCases groups() {
        Map<Shard, GroupUseCases> each = new HashMap<>();
        for (ShardPart part : parts) {
            GroupView view = part.shard().view().groups();
            each.put(
                    part.shard(),
                    new GroupHandler(
                            new GroupShard(part.shard(), view, view.news(), threads.reads(), threads.timer(), clock)));
        }
        return parts.size() == 1 ? each.values().iterator().next() : new PlacedGroups(shards, each);
    }

    /**
     * @param failStop ends a node whose rows turn out to be damaged when they are to be sent, if that helps it
     * @param handOn lets another lead where it does not: that one may have what this node cannot send
     */
    List<SnapshotSender> snapshotSenders(DataDirectory directory, FailStop failStop, Runnable handOn)
            throws IOException {
        List<SnapshotSender> senders = new ArrayList<>();
        for (ShardPart part : parts) {
            SnapshotSender sender = new SnapshotSender(
                    config.clusterId(),
                    part.state()::linkLatestSnapshot,
                    file -> verify(part, file, failStop, handOn),
                    directory.sending(part.number()),
                    threads.snapshots(),
                    PartConfigs.share(config, config.snapshotSpeed()));
            sender.clear();
            senders.add(sender);
        }
        return senders;
    }

    private void verify(ShardPart part, Path file, FailStop failStop, Runnable handOn) throws IOException {
        try {
            new SnapshotCheck(part.state().kept()).verify(file);
        } catch (IOException e) {
            // A segment is mended while the node runs, from others.
            if (IndexDamage.isCauseOf(e)) {
                if (Surrender.mayHelp(config)) {
                    failStop.stop("Rows of this node are damaged: its next start has it rebuilt from the others.", e);
                } else {
                    handOn.run();
                }
            }
            throw e;
        }
    }

    /** Copies of what this node has. */
    BackupsService backups(DataDirectory directory) {
        List<BackupsService.ShardSource> sources =
                parts.stream().map(part -> source(part, directory)).toList();
        return new BackupsService(
                new BackupsService.Source(config.clusterId(), directory.memberId(), ClusterMap.VERSION, sources),
                threads.copies(),
                clock);
    }

    private static BackupsService.ShardSource source(ShardPart part, DataDirectory directory) {
        return new BackupsService.ShardSource(
                () -> {
                    part.shard().barrier().linearizable(Conduct.ASK_TIMEOUT).join();
                    part.state().takeSnapshot();
                },
                part.state()::linkLatestSnapshot,
                new SnapshotCheck(part.state().kept())::verify,
                directory.sending(part.number()));
    }

    /** Starts the logs of all shards. */
    List<RatisLog> start(Neighbours others, @Nullable NodeTls tls, FailStop failStop, Parts started)
            throws IOException {
        List<RatisLog> logs = new ArrayList<>();
        for (ShardPart part : parts) {
            logs.add(new RatisLog(
                    others.entrance().raftConfig(tls, part.number()),
                    part.state(),
                    new SnapshotDownload(config.clusterId(), part.number(), others.channels(), threads.timer()),
                    failStop,
                    part.clock()::timeNs));
        }
        SrvNodes srv = SrvNodes.of(config);
        RatisLogs all = srv == null
                ? new RatisLogs(logs)
                : new RatisLogs(logs, config.nodes().stream().map(Peer::id).collect(Collectors.toSet()), srv.dns());
        started.add("Raft log", all).start();
        return logs;
    }

    /** From now on these are the shards' logs. */
    void started(List<RatisLog> logs) {
        parts.forEach(part -> part.log().started(logs.get(part.number())));
    }
}
