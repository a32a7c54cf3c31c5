package io.eckermann.statemachine.storage;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.TablePropertiesCollectorFactory;

/** RocksDB's settings, with the native objects behind them, but for the memory; close it after the database. */
final class StoreOptions implements AutoCloseable {
    private static final int BLOOM_BITS_PER_KEY = 10;

    /** A file is compacted soon when so many of so many rows that lie side by side in it, or of all, are deletions. */
    private static final long DELETION_WINDOW = 4_096;

    private static final long DELETIONS_MIN = 1_024;
    private static final double DELETION_RATIO = 0.25;
    private static final Set<Family> THINNING = EnumSet.of(Family.TERMS, Family.EVENT_IDS);

    private static final List<CompressionType> LEVELS =
            List.of(CompressionType.NO_COMPRESSION, CompressionType.LZ4_COMPRESSION, CompressionType.LZ4_COMPRESSION);

    private final BloomFilter bloom = new BloomFilter(BLOOM_BITS_PER_KEY);
    private final ColumnFamilyOptions rows;
    /** Of families whose rows go one by one, many of them at times. */
    private final ColumnFamilyOptions thinning;

    private final TablePropertiesCollectorFactory deletions =
            TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                    DELETION_WINDOW, DELETIONS_MIN, DELETION_RATIO);

    final DBOptions db;

    StoreOptions(IndexMemory memory) {
        rows = family(memory, new ColumnFamilyOptions());
        thinning = family(memory, compactedWhenRowsGo());
        db = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                // There is no write-ahead log (the Raft log is one), so families must become durable together.
                .setAtomicFlush(true)
                .setParanoidChecks(true)
                .setWriteBufferManager(memory.buffers())
                .setMaxBackgroundJobs(2)
                // One thread writes: it needs to share the memtables with no other, nor to spin for one.
                .setAllowConcurrentMemtableWrite(false)
                .setEnableWriteThreadAdaptiveYield(false)
                .setAvoidUnnecessaryBlockingIO(true)
                .setMaxOpenFiles(512)
                .setBytesPerSync(1 << 20)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(1 << 20)
                .setKeepLogFileNum(3);
    }

    /** One for each {@link Family}, in their order. */
    List<ColumnFamilyDescriptor> families() {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        for (Family family : Family.values()) {
            descriptors.add(
                    new ColumnFamilyDescriptor(family.nameBytes(), THINNING.contains(family) ? thinning : rows));
        }
        return descriptors;
    }

    /** Only the options of a whole database take what counts deletions; of them it gets into those of a family. */
    private ColumnFamilyOptions compactedWhenRowsGo() {
        try (Options counting = new Options()) {
            counting.setTablePropertiesCollectorFactory(List.of(deletions));
            return new ColumnFamilyOptions(counting);
        }
    }

    private ColumnFamilyOptions family(IndexMemory memory, ColumnFamilyOptions options) {
        return options.setWriteBufferSize(memory.bufferBytes())
                .setMaxWriteBufferNumber(3)
                // So that a row which was deleted is gone from the disk, too: a deleted event's tags are.
                .setPeriodicCompactionSeconds(TimeUnit.DAYS.toSeconds(7))
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                // What was just flushed is soon compacted: not worth compressing twice.
                .setCompressionPerLevel(LEVELS)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(memory.blocks())
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(bloom));
    }

    @Override
    public void close() {
        db.close();
        rows.close();
        thinning.close();
        deletions.close();
        bloom.close();
    }
}
