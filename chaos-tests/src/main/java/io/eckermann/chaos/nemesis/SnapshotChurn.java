package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** N16: a follower is away while so much is written that the others purge their logs; it comes back by a snapshot. */
record SnapshotChurn() implements Nemesis {
    private static final String TOPIC = "filler";
    private static final int EVENTS = 24;
    private static final int EVENT_BYTES = 900_000;
    private static final String INSTALLED = "Fetching a snapshot from";

    @Override
    public String id() {
        return "N16";
    }

    @Override
    public String name() {
        return "snapshot-install";
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(Testbed.Whom.FOLLOWER, choices).get(0);
        long linesBefore = victim.linesWith(INSTALLED);
        victim.kill();
        try (EventStore store = bed.servers().client(1, Duration.ofSeconds(30))) {
            store.topics().create(TOPIC).join();
            for (int i = 0; i < EVENTS; i++) {
                byte[] bytes = new byte[EVENT_BYTES];
                for (int k = 0; k < bytes.length; k++) {
                    bytes[k] = (byte) choices.below(256);
                }
                store.append(TOPIC, Event.of(bytes)).join();
            }
            store.topics().delete(TOPIC).join();
        }
        return new Strike(List.of(victim.id()), () -> victim.start(), () -> {
            long lines = victim.linesWith(INSTALLED) - linesBefore;
            return new Evidence(lines > 0, Map.of("log-lines-of-snapshots", lines));
        });
    }
}
