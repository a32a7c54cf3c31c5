package io.eckermann.statemachine.topic;

import io.eckermann.protocol.Limits;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.KeptResultRow;
import io.eckermann.statemachine.store.v1.ProducerRow;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one topic remembers of its producers. Apply thread. */
final class ProducerTable {
    private static final int RAFT_INDEX_AT = Long.BYTES;
    private static final int USER_AT = RAFT_INDEX_AT + Long.BYTES;

    private final StoreBatch batch;
    private final long topicId;
    private final long raftIndex;

    ProducerTable(StoreBatch batch, long topicId, long raftIndex) {
        this.batch = batch;
        this.topicId = topicId;
        this.raftIndex = raftIndex;
    }

    @Nullable
    ProducerRow find(String producer) {
        byte[] row = batch.find(Family.PRODUCERS, producerKey(producer));
        return row == null ? null : RowParser.parse(ProducerRow.parser(), row);
    }

    /** The kept result of a sequence, or null when it was never accepted or is no longer kept. */
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
     * Remembers an accepted append; a new producer beyond the limit takes the place of the one unused for longest.
     *
     * @param remembered how many producers the topic remembers
     * @return how many it remembers now
     */
    int accepted(String producer, KeptResultRow result, int remembered) {
        ProducerRow before = find(producer);
        int now = remembered;
        if (before != null) {
            batch.delete(Family.PRODUCER_USES, useKey(before.getUsedAt(), producer));
        } else if (remembered >= Limits.PRODUCERS_KEPT) {
            forgetOldest();
        } else {
            now++;
        }
        ProducerRow row = ProducerRow.newBuilder()
                .setLastSequence(result.getSequence())
                .setUsedAt(raftIndex)
                .build();
        batch.put(Family.PRODUCERS, producerKey(producer), row.toByteArray());
        batch.put(Family.PRODUCER_USES, useKey(raftIndex, producer), new byte[0]);
        batch.put(Family.PRODUCER_RESULTS, resultKey(producer, slot(result.getSequence())), result.toByteArray());
        return now;
    }

    private void forgetOldest() {
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
