package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.shim.Shim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N5: the power of disks goes, and their nodes with it; what was not fsynced is lost. N6: at the same time another node is
 * paused. A file that nobody fsynced, written right before, must not be there whole afterwards: that is the evidence.
 */
record PowerCut(Testbed.Whom whom, boolean withPause) implements Nemesis {
    private static final int MARKER_BYTES = 8192;
    private static final Duration MOMENT = Duration.ofSeconds(1);

    @Override
    public String id() {
        return withPause ? "N6" : "N5";
    }

    @Override
    public String name() {
        String name = "power-cut-" + whom.word();
        return withPause ? name + "-and-pause" : name;
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.withoutPower();
    }

    /** With all nodes gone there is nothing to be seen but that they are gone. */
    @Override
    public Duration hold(Duration usual) {
        return whom == Testbed.Whom.ALL && usual.compareTo(MOMENT) > 0 ? MOMENT : usual;
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(whom, choices);
        List<Server> paused = new ArrayList<>();
        if (withPause) {
            bed.servers().all().stream()
                    .filter(server -> !victims.contains(server))
                    .limit(1)
                    .forEach(paused::add);
            for (Server server : paused) {
                server.signal("STOP");
            }
        }
        Evidence cut = cut(victims);
        return Strike.on(victims, cut, () -> {
            for (Server victim : victims) {
                victim.shim().ifPresent(Shim::clear);
                victim.start();
            }
            for (Server server : paused) {
                server.signal("CONT");
            }
        });
    }

    /** Cuts the power of these, and looks what of a file that nobody fsynced came back. */
    static Evidence cut(List<Server> victims) throws Exception {
        for (Server victim : victims) {
            Files.write(marker(victim), new byte[MARKER_BYTES]);
        }
        cutAndRestore(victims);
        Map<String, Object> facts = new LinkedHashMap<>();
        boolean lost = true;
        for (Server victim : victims) {
            long left = bytesLeft(victim);
            lost &= left < MARKER_BYTES;
            facts.put(victim.id(), "unsynced file came back with " + left + " of " + MARKER_BYTES + " bytes");
        }
        return new Evidence(lost, facts);
    }

    /** All at once, as far as there is an at once; then the nodes are dead and the disks as they would be found. */
    private static void cutAndRestore(List<Server> victims) throws Exception {
        for (Server victim : victims) {
            victim.disk().cutPower();
        }
        for (Server victim : victims) {
            victim.kill();
        }
        for (Server victim : victims) {
            victim.disk().restorePower();
        }
    }

    private static Path marker(Server victim) {
        return victim.disk().mount().resolve("unsynced");
    }

    private static long bytesLeft(Server victim) throws IOException {
        Path marker = marker(victim);
        long left = Files.exists(marker) ? Files.size(marker) : 0;
        Files.deleteIfExists(marker);
        return left;
    }
}
