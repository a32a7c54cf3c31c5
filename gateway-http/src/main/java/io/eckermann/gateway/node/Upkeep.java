package io.eckermann.gateway.node;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.DiskRoom;
import io.eckermann.gateway.cluster.FormatWatch;
import io.eckermann.gateway.cluster.MachineWatch;
import io.eckermann.gateway.cluster.StorageWatch;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.http.CloudEventRequests;
import io.eckermann.gateway.topics.CompactionWatch;
import io.eckermann.gateway.topics.IndexWatch;
import io.eckermann.gateway.topics.RetentionWatch;
import io.eckermann.gateway.webhooks.WebhookCalls;
import io.eckermann.gateway.webhooks.WebhookWatch;
import io.eckermann.raftlog.Leadership;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What a node does again and again while it runs: looks at the disk, retains, compacts, gives space back, sends webhooks. */
final class Upkeep {
    private static final long STORAGE_MS = 2_000;
    private static final long WEBHOOKS_MS = 200;

    private final NodeConfig config;
    private final Clock clock;
    private final NodeThreads threads;
    private final Parts parts;
    private final DiskRoom room;

    Upkeep(NodeConfig config, Clock clock, NodeThreads threads, Parts parts) {
        this.config = config;
        this.clock = clock;
        this.threads = threads;
        this.parts = parts;
        this.room = new DiskRoom(config.dataDirectory(), config.diskFreeMin().bytes());
    }

    /** In words, why one of the others had better lead; empty when none had. */
    Optional<String> diskProblem(Neighbours others, Conduct conduct) {
        if (room.isLow() && others.haveRoomWithoutThis()) {
            return Optional.of("is full");
        }
        boolean isAlone = others.members().others().isEmpty();
        return !isAlone && conduct.isHeldUpByDisk() ? Optional.of("hangs") : Optional.empty();
    }

    /** Looks at the disk and the machine again and again from now on. */
    ClusterMap.Resources resources(StorageWatch storage, Care care, Comparing comparing, Metering metering) {
        room.look();
        metering.watch(room);
        MachineWatch machine = new MachineWatch();
        machine.look();
        var counting = threads.every(
                STORAGE_MS,
                () -> threads.peers().execute(() -> {
                    room.look();
                    machine.look();
                    storage.look();
                }));
        parts.add("counting of what is stored", () -> counting.cancel(false));
        return new ClusterMap.Resources(
                storage::last, care::scavenge, care::scrub, comparing::told, room, machine::last);
    }

    /**
     * After the log has started: the last act of those who care may be a snapshot, which needs it.
     *
     * @param known up to which format all nodes read commands
     */
    void retain(NodeShards shards, Care care, IntSupplier known) {
        care.scavengers().forEach(each -> parts.add("scavenger", each).open());
        care.scrubbers().forEach(each -> parts.add("scrubber", each).open());
        List<Runnable> looks = new ArrayList<>();
        for (ShardPart part : shards.all()) {
            Shard shard = part.shard();
            Supplier<Leadership> leadership = part.log()::leadership;
            looks.add(new RetentionWatch(shard, leadership, clock, threads.reads())::look);
            looks.add(
                    new CompactionWatch(shard, leadership, clock, PartConfigs.compaction(config), threads.streams())
                            ::look);
            looks.add(new IndexWatch(shard, leadership, threads.streams())::look);
            looks.add(new FormatWatch(shard, leadership, known, threads.reads())::look);
        }
        var retaining = threads.every(config.retentionInterval().toMillis(), () -> looks.forEach(Runnable::run));
        parts.add("retention", () -> retaining.cancel(false));
    }

    /** It stops before leadership is handed on, so that the next leader finds nothing leased. */
    List<WebhookWatch> sendWebhooks(NodeShards shards, GroupUseCases groups, WebhookCalls calls) {
        List<WebhookWatch> watches = new ArrayList<>();
        for (ShardPart part : shards.all()) {
            WebhookWatch webhooks = new WebhookWatch(
                    config.self().id(),
                    part.shard(),
                    part.log()::leadership,
                    groups,
                    calls,
                    new CloudEventRequests(),
                    threads.timer(),
                    clock);
            var looking = threads.every(WEBHOOKS_MS, webhooks::look);
            parts.add("webhooks", () -> {
                looking.cancel(false);
                webhooks.close();
            });
            watches.add(webhooks);
        }
        return watches;
    }
}
