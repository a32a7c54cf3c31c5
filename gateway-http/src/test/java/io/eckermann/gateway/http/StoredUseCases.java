package io.eckermann.gateway.http;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.StoredShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.append.AppendHandler;
import io.eckermann.gateway.append.Idempotency;
import io.eckermann.gateway.cursors.CursorHandler;
import io.eckermann.gateway.groups.GroupHandler;
import io.eckermann.gateway.read.ReadHandler;
import io.eckermann.gateway.schemas.SchemaHandler;
import io.eckermann.gateway.topics.EventHandler;
import io.eckermann.gateway.topics.TopicHandler;
import java.time.Clock;

/** What a node does with a store, without a cluster around it. */
final class StoredUseCases {
    private StoredUseCases() {}

    static UseCases of(StoredShard store, Threads threads) {
        Shard shard = store.shard();
        FakeUseCases nodes = new FakeUseCases();
        return new UseCases.Handlers(
                new AppendHandler(shard, threads.reads, Idempotency.USUAL),
                new ReadHandler(shard, threads.reads, threads.reads, threads.timer),
                new TopicHandler(shard, threads.reads),
                new EventHandler(shard, threads.reads),
                new CursorHandler(shard, threads.reads, Clock.systemUTC()),
                new GroupHandler(store.groups(threads.reads, threads.timer)),
                nodes.webhooks(),
                nodes,
                nodes::scavenge,
                new SchemaHandler(shard, threads.reads),
                nodes.access());
    }
}
