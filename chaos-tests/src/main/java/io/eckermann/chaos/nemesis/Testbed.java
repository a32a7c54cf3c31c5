package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Resources;
import io.eckermann.chaos.net.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What nemeses work on.
 *
 * @param hold how long faults usually last
 * @param program the build that is tried; nodes may be of an earlier one until they are upgraded
 * @param resources knows what is made outside of this process
 * @param held nodes that another fault holds meanwhile: they are hit when no other will do
 */
public record Testbed(
        Servers servers, Network network, Duration hold, NodeProgram program, Resources resources, Set<String> held) {
    public Testbed(Servers servers, Network network, Duration hold, NodeProgram program, Resources resources) {
        this(servers, network, hold, program, resources, Set.of());
    }

    /** The same while another fault holds some nodes. */
    public Testbed besides(Collection<String> others) {
        return new Testbed(servers, network, hold, program, resources, Set.copyOf(others));
    }

    /** Whom a fault hits. */
    public enum Whom {
        LEADER,
        FOLLOWER,
        ONE,
        MINORITY,
        MAJORITY,
        ALL;

        /** As it is in the names of faults. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The nodes of a choice, as the cluster is now. */
    public List<Server> targets(Whom whom, Choices choices) throws Exception {
        Server leader = servers.leaderOrAny();
        List<Server> others = new ArrayList<>(servers.all());
        others.remove(leader);
        return switch (whom) {
            case LEADER -> List.of(free(List.of(leader)).isEmpty() ? choices.one(preferred(others)) : leader);
            case FOLLOWER -> List.of(choices.one(preferred(others)));
            case ONE -> List.of(choices.one(preferred(servers.all())));
            case MINORITY -> others.subList(0, servers.all().size() - servers.majority());
            case MAJORITY -> {
                List<Server> most = new ArrayList<>(List.of(leader));
                most.addAll(others.subList(0, servers.majority() - 1));
                yield most;
            }
            case ALL -> servers.all();
        };
    }

    private List<Server> free(List<Server> some) {
        return some.stream().filter(server -> !held.contains(server.id())).toList();
    }

    /** The free ones, or all of them when none is free. */
    private List<Server> preferred(List<Server> some) {
        return free(some).isEmpty() ? some : free(some);
    }

    /** Why the preloaded library can't be used; empty when it can. */
    Optional<String> withoutShim() {
        return servers.node(1).shim().isEmpty() ? Optional.of("no gcc: nothing to preload") : Optional.empty();
    }

    /** Why no power can be cut; empty when it can. */
    Optional<String> withoutPower() {
        return servers.node(1).disk().hasPower()
                ? Optional.empty()
                : Optional.of("no loop mounts: the data is on a "
                        + servers.node(1).disk().name());
    }

    static List<String> ids(List<Server> servers) {
        return servers.stream().map(Server::id).toList();
    }
}
