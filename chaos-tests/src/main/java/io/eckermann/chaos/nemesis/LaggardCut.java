package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.net.Link;
import io.eckermann.chaos.net.Network;
import io.eckermann.chaos.shim.Shim;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N6: one node hears nobody while the others go on, then the power of the leader's disk is cut; and while those two come back, as many of
 * the rest are paused as a majority can do without. So with three nodes what was acknowledged meanwhile must come from
 * the disk whose power was cut: the other one that votes never had it.
 */
record LaggardCut() implements Nemesis {
    /** So long others acknowledge what the one does not hear of. */
    private static final Duration BEHIND = Duration.ofSeconds(2);

    private static final Duration LED = Duration.ofSeconds(20);

    @Override
    public String id() {
        return "N6";
    }

    @Override
    public String name() {
        return "power-cut-leader-and-partition";
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.withoutPower();
    }

    @Override
    public Duration lasts(Duration usual, int nodes) {
        return hold(usual).plusSeconds(5);
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Servers servers = bed.servers();
        Server leader = bed.targets(Testbed.Whom.LEADER, choices).get(0);
        List<Server> others =
                servers.all().stream().filter(server -> server != leader).toList();
        Server laggard = choices.one(others);
        List<Server> paused = others.stream()
                .filter(server -> server != laggard)
                .limit(servers.all().size() - servers.majority())
                .toList();
        Network.Counts before = bed.network().counts();
        bed.network().link(Network.ALL, laggard.number(), Link.CUT);
        bed.network().link(laggard.number(), Network.ALL, Link.CUT);
        Patience.rest(BEHIND);
        for (Server server : paused) {
            server.signal("STOP");
        }
        Evidence cut = PowerCut.cut(List.of(leader));
        Map<String, Object> facts = new LinkedHashMap<>(cut.facts());
        facts.put("cut-off", laggard.id());
        facts.put("paused", Testbed.ids(paused));
        return new Strike(
                List.of(leader.id(), laggard.id()),
                () -> {
                    leader.shim().ifPresent(Shim::clear);
                    leader.start();
                    bed.network().heal();
                    facts.put("led-without-the-paused", isLedWithout(servers, paused));
                    for (Server server : paused) {
                        server.signal("CONT");
                    }
                },
                () -> {
                    long lost = bed.network().counts().since(before).lost();
                    facts.put("packets-lost", lost);
                    boolean led = Boolean.TRUE.equals(facts.get("led-without-the-paused"));
                    return new Evidence(cut.proven() && lost > 0 && led, facts);
                });
    }

    private static boolean isLedWithout(Servers servers, List<Server> paused) throws Exception {
        return Patience.until(LED, () -> {
            Optional<Server> led = servers.leader();
            return led.isPresent() && !paused.contains(led.get()) && servers.isReady(led.get());
        });
    }
}
