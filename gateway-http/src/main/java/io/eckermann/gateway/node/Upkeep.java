package io.eckermann.gateway.node;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.cluster.ClusterMap;
import io.eckermann.gateway.cluster.DiskRoom;
import io.eckermann.gateway.cluster.StorageWatch;
import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.http.CloudEventRequests;
import io.eckermann.gateway.topics.CompactionWatch;
import io.eckermann.gateway.topics.IndexWatch;
import io.eckermann.gateway.topics.RetentionWatch;
import io.eckermann.gateway.webhooks.WebhookCalls;
import io.eckermann.gateway.webhooks.WebhookWatch;
import java.time.Clock;

/** What a node does again and again while it runs: looks at the disk, retains, compacts, gives space back, sends webhooks. */
final class Upkeep {
    private static final long STORAGE_MS = 2_000;
    private static final long WEBHOOKS_MS = 200;

    private final NodeConfig config;
    private final Clock clock;
    private final NodeThreads threads;
    private final Parts parts;

    Upkeep(NodeConfig config, Clock clock, NodeThreads threads, Parts parts) {
        this.config = config;
        this.clock = clock;
        this.threads = threads;
        this.parts = parts;
    }

    /** Looks at the disk again and again from now on. */
    ClusterMap.Disk disk(StorageWatch storage, Care care) {
        DiskRoom room =
                new DiskRoom(config.dataDirectory(), config.diskFreeMin().bytes());
        room.look();
        var counting = threads.every(
                STORAGE_MS,
                () -> threads.peers().execute(() -> {
                    room.look();
                    storage.look();
                }));
        parts.add("counting of what is stored", () -> counting.cancel(false));
        return new ClusterMap.Disk(storage::last, care.scavenger()::view, care.scrubber()::view, room);
    }

    /** After the log has started: the last act of those who care may be a snapshot, which needs it. */
    void retain(Shard shard, LateLog log, Care care) {
        parts.add("scavenger", care.scavenger()).open();
        parts.add("scrubber", care.scrubber()).open();
        RetentionWatch retention = new RetentionWatch(shard, log::leadership, clock, threads.reads());
        CompactionWatch compaction =
                new CompactionWatch(shard, log::leadership, clock, PartConfigs.compaction(config), threads.streams());
        IndexWatch index = new IndexWatch(shard, log::leadership, threads.streams());
        var retaining = threads.every(config.retentionInterval().toMillis(), () -> {
            retention.look();
            compaction.look();
            index.look();
        });
        parts.add("retention", () -> retaining.cancel(false));
    }

    /** It stops before leadership is handed on, so that the next leader finds nothing leased. */
    WebhookWatch sendWebhooks(Shard shard, LateLog log, GroupUseCases groups, WebhookCalls calls) {
        WebhookWatch webhooks = new WebhookWatch(
                config.self().id(),
                shard,
                log::leadership,
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
        return webhooks;
    }
}
