package io.eckermann.raftlog.restore;

import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.TopicState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
        if (states.size() == 1) {
            return;
        }
        try (StateMachine first = StateMachine.open(states.get(0))) {
            for (int shard = 1; shard < states.size(); shard++) {
                requireOf(first, shard, states.get(shard));
            }
        }
    }

    private static void requireOf(StateMachine first, int shard, Path directory) throws IOException {
        try (StateMachine state = StateMachine.open(directory)) {
            for (TopicState topic : state.view().topics("")) {
                if (first.view().placement(topic.name()).orElse(-1) != shard) {
                    throw new IOException(
                            "Shard " + shard + " has the topic " + topic.name() + ", and the first shard does"
                                    + " not know of it at that point: restore to a time some seconds later, or a backup as it is.");
                }
            }
        }
    }
}
