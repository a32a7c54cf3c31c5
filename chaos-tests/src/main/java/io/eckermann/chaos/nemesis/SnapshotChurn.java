package io.eckermann.chaos.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** N16: a follower is away while so much is written that the others purge their logs; it comes back by a snapshot. */
record SnapshotChurn() implements Nemesis {
    private static final String TOPIC = "filler";
    private static final int EVENTS = 24;
    private static final int EVENT_BYTES = 900_000;
    private static final int ROUNDS_MAX = 8;
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?([0-9]+).*");
    static final String FETCHED = "Fetching a snapshot from";
    static final String INSTALLED = "The state is reloaded, up to";

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
        long fetchedBefore = victim.linesWith(FETCHED);
        long installedBefore = victim.linesWith(INSTALLED);
        leaveBehind(bed.servers(), victim, choices);
        return new Strike(List.of(victim.id()), () -> victim.start(), () -> {
            long fetched = victim.linesWith(FETCHED) - fetchedBefore;
            long installed = victim.linesWith(INSTALLED) - installedBefore;
            return new Evidence(fetched > 0 && installed > 0, Map.of("fetched", fetched, "installed", installed));
        });
    }

    /** Kills it, and writes until the others have nothing of their logs any more that it could go on from. */
    static void leaveBehind(Servers servers, Server victim, Choices choices) throws Exception {
        victim.kill();
        long had = lastEntry(servers);
        for (int round = 0; round < ROUNDS_MAX && firstEntry(servers) <= had; round++) {
            fill(servers, choices);
        }
    }

    /** Writes more than the log holds until a snapshot is made of it. */
    static void fill(Servers servers, Choices choices) {
        try (EventStore store = servers.client(1, Duration.ofSeconds(30))) {
            fill(store, choices);
        }
    }

    private static void fill(EventStore store, Choices choices) {
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

    /** The last entry that the leader knows of now; the follower has no more. */
    private static long lastEntry(Servers servers) throws Exception {
        Server leader = servers.leaderOrAny();
        long last = 0;
        for (JsonNode node :
                servers.view(leader).map(view -> view.path("nodes")).orElse(MissingNode.getInstance())) {
            last = Math.max(last, node.path("committed").asLong());
        }
        return last;
    }

    /** The first entry that the leader's log still has. */
    private static long firstEntry(Servers servers) throws Exception {
        try (Stream<Path> files = Files.list(servers.leaderOrAny().raftDirectory())) {
            return files.map(file -> SEGMENT.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .min()
                    .orElse(0);
        }
    }
}
