package io.eckermann.gateway.metrics;

import io.eckermann.protocol.v1.StorageView;
import io.eckermann.statemachine.storage.IndexFigures;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The index, and what the node's data takes on its disk. */
public final class StoreSource implements Source {
    private static final String STORED = "eckermann_storage_bytes";

    private final Supplier<IndexFigures> index;
    private final Supplier<@Nullable StorageView> storage;

    /** @param storage null while nobody has counted yet */
    public StoreSource(Supplier<IndexFigures> index, Supplier<@Nullable StorageView> storage) {
        this.index = index;
        this.storage = storage;
    }

    @Override
    public void tell(Samples samples) {
        StorageView stored = storage.get();
        if (stored != null) {
            tell(samples, stored);
        }
        tell(samples, index.get());
    }

    private static void tell(Samples samples, StorageView stored) {
        String help =
                "What the node's data takes on its disk, by its part; what parts share by hard links counts once.";
        samples.gauge(STORED, help, stored.getLogBytes(), "part", "log");
        samples.gauge(STORED, help, stored.getKeptBytes(), "part", "kept");
        samples.gauge(STORED, help, stored.getIndexBytes(), "part", "index");
        samples.gauge(STORED, help, stored.getSnapshotBytes(), "part", "snapshots");
        samples.counter(
                "eckermann_payload_bytes_total",
                "Bytes of bodies in the entries that came into the log since the node started.",
                stored.getPayloadBytes());
        samples.counter(
                "eckermann_written_bytes_total",
                "Bytes that the process had the kernel write to disks since the node started; 0 where that is not known.",
                Math.max(0, stored.getDeviceBytes()));
    }

    private static void tell(Samples samples, IndexFigures now) {
        samples.gauge(
                "eckermann_index_memtable_bytes", "Rows in memory that are not on the disk yet.", now.memtableBytes());
        samples.gauge("eckermann_index_block_cache_bytes", "Blocks of files in memory.", now.blockCacheBytes());
        samples.gauge(
                "eckermann_index_block_cache_pinned_bytes",
                "Blocks of files in memory that are in use.",
                now.blockCachePinnedBytes());
        samples.gauge("eckermann_index_table_bytes", "Live files of the index (SST).", now.tableBytes());
        samples.gauge(
                "eckermann_index_compaction_pending_bytes",
                "What the index has to rewrite until its files are in order, estimated.",
                now.compactionPendingBytes());
        samples.gauge("eckermann_index_compactions_running", "Compactions under way.", now.compactionsRunning());
        samples.gauge("eckermann_index_flushes_running", "Flushes of memtables under way.", now.flushesRunning());
        samples.gauge("eckermann_index_snapshots", "Moments of the index that readers hold.", now.openSnapshots());
        samples.gauge(
                "eckermann_index_write_stopped",
                "1 while writes to the index wait for its compaction.",
                now.isWriteStopped() ? 1 : 0);
    }
}
