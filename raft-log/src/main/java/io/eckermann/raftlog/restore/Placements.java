package io.eckermann.raftlog.restore;

import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.storage.DirectoryLock;
import io.eckermann.statemachine.storage.StorageSettings;
import io.eckermann.statemachine.storage.Store;
import io.eckermann.statemachine.storage.StoreBatch;
import io.eckermann.statemachine.topic.PlacementTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether the states of several shards fit together: the first says in which of them each topic is. */
public final class Placements {
    private Placements() {}

    /**
     * Fails when a topic is where the first shard does not have it: its name could then be given once more, to a topic in
     * another shard. So it is when states were taken in the wrong order, or end at a time within which a topic was made while
     * the clocks of the shards' leaders differed.
     *
     * @param states their directories, by the shards' numbers; nobody has them open
     * @throws IOException that names the topic
     */
    public static void requireOf(List<Path> states) throws IOException {
        SortedMap<String, Integer> strays = strays(states);
        if (!strays.isEmpty()) {
            String topic = strays.firstKey();
            throw new IOException(
                    "Shard " + strays.get(topic) + " has the topic " + topic + ", and the first shard does"
                            + " not know of it at that point: restore to a time some seconds later, or a backup as it is.");
        }
    }

    /**
     * Tells the first shard of topics that it does not know of. So it is when a node was further in the others' logs than in
     * the first one's. Done once more it changes nothing.
     *
     * @param states as of {@link #requireOf}; of the first only what it has of names changes
     * @throws IOException that names the topic, when the first shard has it elsewhere
     */
    public static void complete(List<Path> states) throws IOException {
        Map<String, Integer> strays = strays(states);
        if (strays.isEmpty()) {
            return;
        }
        Path first = states.get(0);
        try (DirectoryLock lock = DirectoryLock.take(first);
                Store store = Store.open(first.resolve("db"), StorageSettings.DEFAULTS)) {
            assert lock != null;
            StoreBatch batch = store.batch();
            for (Map.Entry<String, Integer> stray : strays.entrySet()) {
                OptionalInt shard = OptionalInt.of(stray.getValue());
                int placed =
                        PlacementTable.place(batch, new Operation.PlaceTopic(stray.getKey(), shard, states.size()));
                if (placed != stray.getValue()) {
                    throw new IOException("Shard " + stray.getValue() + " has the topic " + stray.getKey()
                            + ", and the first shard has it in " + placed + ".");
                }
            }
            batch.commit(store.applied());
            store.flush();
        }
        requireOf(states);
    }

    /** Topics that are where the first shard does not have them, and where they are; by name. */
    private static SortedMap<String, Integer> strays(List<Path> states) throws IOException {
        SortedMap<String, Integer> strays = new TreeMap<>();
        if (states.size() == 1) {
            return strays;
        }
        try (StateMachine first = StateMachine.open(states.get(0))) {
            for (int shard = 1; shard < states.size(); shard++) {
                try (StateMachine state = StateMachine.open(states.get(shard))) {
                    for (TopicState topic : state.view().topics("")) {
                        if (first.view().placement(topic.name()).orElse(-1) != shard) {
                            strays.put(topic.name(), shard);
                        }
                    }
                }
            }
        }
        return strays;
    }
}
