package io.eckermann.statemachine.topic;

import io.eckermann.statemachine.TopicIds;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.TailRow;
import io.eckermann.statemachine.store.v1.TopicRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Topics by id and by name. */
public final class TopicTable {
    private static final byte[] LAST_ID = Key.of("last-topic-id").bytes();
    /** Everything that a topic may have many of; all begin with its id. */
    private static final List<Family> BY_TOPIC = List.of(
            Family.CHUNKS,
            Family.PRODUCERS,
            Family.PRODUCER_USES,
            Family.PRODUCER_RESULTS,
            Family.CURSORS,
            Family.GROUP_NAMES,
            Family.GROUPS,
            Family.TERMS,
            Family.KEYS,
            Family.FENCES,
            Family.EVENT_IDS,
            Family.SCHEMAS,
            Family.WEBHOOKS);

    private TopicTable() {}

    public static Optional<Topic> find(RowReader rows, long id) {
        if (id < 1) {
            return Optional.empty();
        }
        byte[] key = Key.of(id).bytes();
        byte[] row = rows.find(Family.TOPICS, key);
        byte[] tail = rows.find(Family.TAILS, key);
        if (row == null || tail == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Topic(id, RowParser.parse(TopicRow.parser(), row), RowParser.parse(TailRow.parser(), tail)));
    }

    public static Optional<Topic> find(RowReader rows, String name) {
        byte[] id = rows.find(Family.NAMES, Key.of(name).bytes());
        return id == null ? Optional.empty() : find(rows, Key.longAt(id, 0));
    }

    /** Topics whose name starts with the prefix, in the order of their names' bytes. */
    public static List<Topic> list(RowReader rows, String prefix) {
        byte[] from = Key.of(prefix).bytes();
        // No name reaches 0xff: UTF-8 has no such byte.
        byte[] to = from.length == 0 ? new byte[] {(byte) 0xff} : Key.afterPrefix(from);
        List<Topic> found = new ArrayList<>();
        rows.ascend(Family.NAMES, from, to, (name, id) -> {
            find(rows, Key.longAt(id, 0)).ifPresent(found::add);
            return true;
        });
        return found;
    }

    /** Adds a topic under an id that was never used. */
    public static Topic create(StoreBatch batch, Operation.CreateTopic create, long createdNs) {
        byte[] last = batch.find(Family.SYSTEM, LAST_ID);
        long id = (last == null ? TopicIds.before(create.shard()) : Key.longAt(last, 0)) + 1;
        byte[] idBytes = Key.of(id).bytes();
        TopicRow row = TopicRow.newBuilder()
                .setName(create.name())
                .setSettings(create.settings())
                .setCreatedNs(createdNs)
                .build();
        batch.put(Family.SYSTEM, LAST_ID, idBytes);
        batch.put(Family.NAMES, Key.of(create.name()).bytes(), idBytes);
        batch.put(Family.TOPICS, idBytes, row.toByteArray());
        return saveTail(
                batch, new Topic(id, row, TailRow.newBuilder().setFirst(1).build()));
    }

    static Topic saveTail(StoreBatch batch, Topic topic) {
        batch.put(Family.TAILS, Key.of(topic.id()).bytes(), topic.tail().toByteArray());
        return topic;
    }

    /** Saves what the topic is; its events stay. */
    static Topic saveRow(StoreBatch batch, Topic topic) {
        batch.put(Family.TOPICS, Key.of(topic.id()).bytes(), topic.row().toByteArray());
        return topic;
    }

    /** Removes a topic with everything that belongs to it. */
    public static void delete(StoreBatch batch, Topic topic) {
        byte[] from = Key.of(topic.id()).bytes();
        byte[] to = Key.of(topic.id() + 1).bytes();
        BY_TOPIC.forEach(family -> batch.deleteRange(family, from, to));
        batch.delete(Family.NAMES, Key.of(topic.row().getName()).bytes());
        batch.delete(Family.TOPICS, from);
        batch.delete(Family.TAILS, from);
    }
}
