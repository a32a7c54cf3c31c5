package io.eckermann.statemachine.group;

import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.ParkedState;
import io.eckermann.statemachine.group.GroupKeys.Kind;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.RowParser;
import io.eckermann.statemachine.storage.RowReader;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.store.v1.GroupRow;
import io.eckermann.statemachine.store.v1.GroupStateRow;
import io.eckermann.statemachine.store.v1.ParkedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Groups by topic and name, and by id. */
public final class GroupTable {
    private static final byte[] LAST_ID = Key.of("last-group-id").bytes();

    private GroupTable() {}

    public static Optional<GroupState> find(RowReader rows, long topicId, String name) {
        byte[] id = rows.find(Family.GROUP_NAMES, Key.of(topicId).then(name).bytes());
        return id == null ? Optional.empty() : find(rows, topicId, Key.longAt(id, 0));
    }

    public static Optional<GroupState> find(RowReader rows, long topicId, long id) {
        if (id < 1) {
            return Optional.empty();
        }
        GroupKeys keys = new GroupKeys(topicId, id);
        byte[] row = rows.find(Family.GROUPS, keys.of(Kind.GROUP));
        byte[] state = rows.find(Family.GROUPS, keys.of(Kind.STATE));
        if (row == null || state == null) {
            return Optional.empty();
        }
        return Optional.of(new GroupState(
                topicId, id, RowParser.parse(GroupRow.parser(), row), RowParser.parse(GroupStateRow.parser(), state)));
    }

    /** A topic's groups, by name. */
    public static List<GroupState> list(RowReader rows, long topicId) {
        List<GroupState> found = new ArrayList<>();
        rows.ascend(
                Family.GROUP_NAMES, Key.of(topicId).bytes(), Key.of(topicId + 1).bytes(), (name, id) -> {
                    find(rows, topicId, Key.longAt(id, 0)).ifPresent(found::add);
                    return true;
                });
        return found;
    }

    /** Parked events in rising order. */
    public static List<ParkedState> parked(RowReader rows, long topicId, long groupId, long from, int max) {
        List<ParkedState> found = new ArrayList<>();
        GroupKeys keys = new GroupKeys(topicId, groupId);
        rows.ascend(Family.GROUPS, keys.of(Kind.PARKED, from), keys.end(Kind.PARKED), (key, value) -> {
            ParkedRow row = RowParser.parse(ParkedRow.parser(), value);
            found.add(new ParkedState(
                    GroupKeys.number(key), row.getAttempts(), row.getReason(), row.getParkedNs(), row.getKey()));
            return found.size() < max;
        });
        return found;
    }

    /** Adds a group under an id that was never used. */
    static GroupState create(StoreBatch batch, long topicId, GroupRow row, GroupStateRow state) {
        byte[] last = batch.find(Family.SYSTEM, LAST_ID);
        long id = last == null ? 1 : Key.longAt(last, 0) + 1;
        byte[] idBytes = Key.of(id).bytes();
        batch.put(Family.SYSTEM, LAST_ID, idBytes);
        batch.put(Family.GROUP_NAMES, Key.of(topicId).then(row.getName()).bytes(), idBytes);
        GroupState created = new GroupState(topicId, id, row, state);
        saveRow(batch, created);
        saveState(batch, created);
        return created;
    }

    static void saveRow(StoreBatch batch, GroupState group) {
        batch.put(
                Family.GROUPS,
                new GroupKeys(group.topicId(), group.id()).of(Kind.GROUP),
                group.row().toByteArray());
    }

    static void saveState(StoreBatch batch, GroupState group) {
        batch.put(
                Family.GROUPS,
                new GroupKeys(group.topicId(), group.id()).of(Kind.STATE),
                group.state().toByteArray());
    }

    /** Removes a group with everything that belongs to it. */
    static void delete(StoreBatch batch, GroupState group) {
        GroupKeys keys = new GroupKeys(group.topicId(), group.id());
        batch.deleteRange(Family.GROUPS, keys.begin(), keys.end());
        batch.delete(
                Family.GROUP_NAMES, Key.of(group.topicId()).then(group.name()).bytes());
    }
}
