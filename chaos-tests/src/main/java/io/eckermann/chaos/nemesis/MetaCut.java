package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.chaos.shim.Shim.Slot;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * N7: the power goes right after a node has put its term and vote into raft-meta and believes them safe. The leader is
 * stopped so that there is an election. What comes back must be what was written: else the node could vote twice.
 */
record MetaCut() implements Nemesis {
    private static final Duration ELECTION = Duration.ofSeconds(8);

    @Override
    public String id() {
        return "N7";
    }

    @Override
    public String name() {
        return "power-cut-at-raft-meta";
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.withoutShim().or(bed::withoutPower);
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server leader = bed.servers().leaderOrAny();
        List<Server> others =
                bed.servers().all().stream().filter(server -> server != leader).toList();
        Server victim = choices.one(others);
        Shim shim = victim.needShim();
        shim.set(Slot.CUT_AT_META, 1);
        leader.signal("STOP");
        boolean cut = Patience.until(ELECTION, () -> shim.value(Slot.META_CUTS) > 0);
        victim.kill();
        String written = shim.lastMeta();
        victim.disk().restorePower();
        Path meta = victim.raftDirectory().resolve("raft-meta");
        String found = Files.exists(meta) ? Files.readString(meta) : "";
        Map<String, Object> facts = Map.of(
                "written", oneLine(written),
                "found", oneLine(found),
                "term-written", term(written),
                "term-found", term(found),
                "regressed", cut && !same(written, found));
        return new Strike(
                List.of(victim.id()),
                () -> {
                    shim.clear();
                    victim.start();
                    leader.signal("CONT");
                },
                () -> new Evidence(cut, facts));
    }

    private static Properties read(String meta) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(meta));
        return properties;
    }

    private static long term(String meta) throws IOException {
        return Long.parseLong(read(meta).getProperty("term", "0"));
    }

    private static boolean same(String one, String other) throws IOException {
        return read(one).equals(read(other));
    }

    private static String oneLine(String meta) {
        return String.join(
                " ", meta.lines().filter(line -> !line.startsWith("#")).sorted().toList());
    }
}
