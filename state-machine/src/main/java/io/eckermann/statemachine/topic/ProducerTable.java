package io.eckermann.statemachine.topic;

import io.eckermann.protocol.Limits;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.KeptResultRow;
import io.eckermann.statemachine.store.v1.ProducerRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one topic remembers of its producers, for one run. Apply thread. */
public final class ProducerTable {
    private static final int RAFT_INDEX_AT = Long.BYTES;
    private static final int USER_AT = RAFT_INDEX_AT + Long.BYTES;
    /**
     * Up to this many producers none will be forgotten soon, and it is enough to know to within {@link #USE_ENTRIES} when
     * each was last used: to keep that exact costs a busy producer two more rows for every append.
     */
    private static final int FEW = Limits.PRODUCERS_KEPT / 2;

    private static final long USE_ENTRIES = 256;

    private final StoreBatch batch;
    private final HotRows hot;
    private final long topicId;
    private final long raftIndex;
    /** Changed since {@link #save}. */
    private final List<Producer> changed = new ArrayList<>();

    /** How many producers the topic remembers, as of the last append that took a sequence. */
    private int producersNow;

    ProducerTable(StoreBatch batch, HotRows hot, long topicId, long raftIndex) {
        this.batch = batch;
        this.hot = hot;
        this.topicId = topicId;
        this.raftIndex = raftIndex;
    }

    /** Whether this append of the producer, or one after it, took its sequence. For readers. */
    public static boolean wasAccepted(RowReader rows, long topicId, Operation.ProducerSequence by) {
        byte[] value = rows.find(Family.PRODUCERS, producerKey(topicId, by.producer()));
        return value != null && RowParser.parse(ProducerRow.parser(), value).getLastSequence() >= by.sequence();
    }

    @Nullable
    Producer find(String name) {
        Producer known = hot.producer(topicId, name);
        if (known != null) {
            return known;
        }
        byte[] value = batch.find(Family.PRODUCERS, producerKey(name));
        if (value == null) {
            return null;
        }
        ProducerRow row = RowParser.parse(ProducerRow.parser(), value);
        Producer found = new Producer(name, row.getLastSequence(), row.getUsedAt());
        hot.put(topicId, found);
        return found;
    }

    /** The kept result of a sequence, or null when nothing took it or it is no longer kept. */
    @Nullable
    KeptResultRow result(String producer, long sequence) {
        byte[] value = batch.find(Family.PRODUCER_RESULTS, resultKey(producer, slot(sequence)));
        if (value == null) {
            return null;
        }
        KeptResultRow row = RowParser.parse(KeptResultRow.parser(), value);
        return row.getSequence() == sequence ? row : null;
    }

    /**
     * Remembers an append that takes its sequence, accepted or not; a new producer beyond the limit takes the place of the
     * one unused for longest.
     *
     * @param remembered how many producers the topic remembers
     * @return how many it remembers now
     */
    int taken(String name, KeptResultRow result, int remembered) {
        Producer producer = find(name);
        int now = remembered;
        if (producer == null) {
            if (remembered >= Limits.PRODUCERS_KEPT) {
                forgetOldest();
            } else {
                now++;
            }
            producer = new Producer(name, 0, Producer.NEVER);
        }
        producersNow = now;
        if (producer.isSaved()) {
            changed.add(producer);
        }
        producer.taken(result.getSequence(), raftIndex);
        if (producer.savedUsedAt() == Producer.NEVER) {
            hot.put(topicId, producer);
        }
        batch.put(Family.PRODUCER_RESULTS, resultKey(name, slot(result.getSequence())), result.toByteArray());
        return now;
    }

    /** Whether there is anything to {@link #save}. */
    boolean isChanged() {
        return !changed.isEmpty();
    }

    /** Puts into rows what the appends came to that took a sequence; once for all of a producer's. */
    void save() {
        long behind = producersNow <= FEW ? USE_ENTRIES : 0;
        for (Producer producer : changed) {
            if (producer.isUseStale(behind)) {
                saveUse(producer);
            }
            ProducerRow row = ProducerRow.newBuilder()
                    .setLastSequence(producer.lastSequence())
                    .setUsedAt(producer.savedUsedAt())
                    .build();
            batch.put(Family.PRODUCERS, producerKey(producer.name()), row.toByteArray());
            producer.markSaved();
        }
        changed.clear();
    }

    private void saveUse(Producer producer) {
        if (producer.savedUsedAt() != Producer.NEVER) {
            batch.delete(Family.PRODUCER_USES, useKey(producer.savedUsedAt(), producer.name()));
        }
        batch.putFresh(Family.PRODUCER_USES, useKey(producer.usedAt(), producer.name()), new byte[0]);
        producer.markUseSaved();
    }

    private void forgetOldest() {
        save();
        List<byte[]> oldest = new ArrayList<>();
        batch.ascend(
                Family.PRODUCER_USES,
                Key.of(topicId).bytes(),
                Key.of(topicId + 1).bytes(),
                (key, nothing) -> {
                    oldest.add(key);
                    return false;
                });
        for (byte[] use : oldest) {
            String producer = Key.nameAt(use, USER_AT);
            hot.forgetProducer(topicId, producer);
            batch.delete(Family.PRODUCER_USES, use);
            batch.delete(Family.PRODUCERS, producerKey(producer));
            byte[] results = Key.of(topicId).then(producer).end().bytes();
            batch.ascend(Family.PRODUCER_RESULTS, results, Key.afterPrefix(results), (key, value) -> {
                batch.delete(Family.PRODUCER_RESULTS, key);
                return true;
            });
        }
    }

    private byte[] producerKey(String producer) {
        return producerKey(topicId, producer);
    }

    private static byte[] producerKey(long topicId, String producer) {
        return Key.of(topicId).then(producer).bytes();
    }

    private byte[] useKey(long usedAt, String producer) {
        return Key.of(topicId).then(usedAt).then(producer).bytes();
    }

    private byte[] resultKey(String producer, int slot) {
        return Key.of(topicId).then(producer).end().then(slot).bytes();
    }

    /** A later sequence takes the slot of the one that is {@link Limits#PRODUCER_RESULTS_KEPT} older. */
    private static int slot(long sequence) {
        return (int) (sequence % Limits.PRODUCER_RESULTS_KEPT);
    }
}
