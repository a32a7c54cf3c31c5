package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** N17: every node is asked to stop and started again, one after the other, the leader last; it hands leadership on. */
record Restarts() implements Nemesis {
    private static final Duration START = Duration.ofSeconds(30);

    @Override
    public String id() {
        return "N17";
    }

    @Override
    public String name() {
        return "rolling-restart";
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> order = new ArrayList<>(bed.servers().all());
        Server leader = bed.servers().leaderOrAny();
        order.remove(leader);
        order.add(leader);
        List<Integer> codes = new ArrayList<>();
        for (Server server : order) {
            server.stop();
            server.exitCode().ifPresent(codes::add);
            server.start();
            Patience.until(START, () -> bed.servers().isReady(server));
        }
        return new Strike(
                Testbed.ids(order),
                () -> {},
                () -> new Evidence(
                        codes.size() == order.size() && codes.stream().allMatch(code -> code == 0),
                        Map.of("exit-codes", codes, "led", leader.id())));
    }
}
