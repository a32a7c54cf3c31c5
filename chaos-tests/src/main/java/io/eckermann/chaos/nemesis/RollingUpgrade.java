package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N17: the cluster, which was founded by an earlier build, goes over to the present one: each node is asked to stop and started
 * with the other program, the leader last. Nodes of both builds are one cluster for as long as other faults last.
 */
record RollingUpgrade() implements Nemesis {
    static final String NAME = "rolling-upgrade";
    private static final Duration START = Duration.ofSeconds(60);
    /** What a node's end and start take on a small machine. */
    private static final Duration RESTART_USUAL = Duration.ofSeconds(6);

    @Override
    public String id() {
        return "N17";
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.servers().all().stream().allMatch(server -> server.program().equals(bed.program()))
                ? Optional.of("no node is of an earlier build: name one with --previous")
                : Optional.empty();
    }

    /** All of it is in its beginning. */
    @Override
    public Duration hold(Duration usual) {
        return Duration.ZERO;
    }

    @Override
    public Duration lasts(Duration usual, int nodes) {
        return usual.plus(RESTART_USUAL.multipliedBy(nodes));
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> order = new ArrayList<>(bed.servers().all());
        Server leader = bed.servers().leaderOrAny();
        order.remove(leader);
        order.add(leader);
        bed.servers().spare().forEach(spare -> spare.runs(bed.program()));
        Duration between = bed.hold().dividedBy(order.size());
        List<Integer> codes = new ArrayList<>();
        List<Boolean> proven = new ArrayList<>();
        for (Server server : order) {
            NodeProgram before = server.program();
            boolean earlier = before.isOf(server.commandLine());
            server.stop();
            server.exitCode().ifPresent(codes::add);
            server.runs(bed.program());
            server.start();
            boolean back = Patience.until(START, () -> bed.servers().isReady(server));
            proven.add(earlier && back && bed.program().isOf(server.commandLine()) && !before.equals(bed.program()));
            Patience.rest(between);
        }
        boolean all = !proven.contains(false)
                && codes.size() == order.size()
                && !codes.stream().anyMatch(c -> c != 0);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("order", Testbed.ids(order));
        facts.put("upgraded-and-ready", proven);
        facts.put("exit-codes", codes);
        return new Strike(Testbed.ids(order), () -> {}, () -> new Evidence(all, facts));
    }
}
