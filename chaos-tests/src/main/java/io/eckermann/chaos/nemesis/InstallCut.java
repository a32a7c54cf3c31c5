package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.net.Link;
import io.eckermann.chaos.net.Network;
import io.eckermann.chaos.shim.Shim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N16: the power goes while a follower installs a snapshot, its own or the leader's that sends it. It comes to a narrow link, so
 * that there is a while to be hit.
 */
record InstallCut(boolean ofLeader) implements Nemesis {
    private static final Link NARROW = new Link(0, 1, 0, 0, 0, 5_000);
    private static final Duration BEGIN = Duration.ofSeconds(40);
    private static final Duration COPIED = Duration.ofSeconds(20);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(1);
    private static final int FETCHING_MS_MAX = 1_500;

    @Override
    public String id() {
        return "N16";
    }

    @Override
    public String name() {
        return "power-cut-" + (ofLeader ? "of-sender" : "of-receiver") + "-of-snapshot";
    }

    @Override
    public Optional<String> missing(Testbed bed) {
        return bed.withoutPower();
    }

    @Override
    public Duration lasts(Duration usual, int nodes) {
        return hold(usual).plusSeconds(15);
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Servers servers = bed.servers();
        Server follower = bed.targets(Testbed.Whom.FOLLOWER, choices).get(0);
        long fetchedBefore = follower.linesWith(SnapshotChurn.FETCHED);
        long installedBefore = follower.linesWith(SnapshotChurn.INSTALLED);
        SnapshotChurn.leaveBehind(servers, follower, choices);
        bed.network().link(Network.ALL, follower.number(), NARROW);
        follower.start();
        boolean begun = Patience.until(BEGIN, () -> follower.linesWith(SnapshotChurn.FETCHED) > fetchedBefore);
        Server victim = ofLeader ? servers.leaderOrAny() : follower;
        // The sender matters only while it sends.
        boolean whenCopied = !ofLeader && choices.percent(50);
        if (whenCopied) {
            awaitNote(follower);
        } else {
            Patience.rest(Duration.ofMillis(choices.below(FETCHING_MS_MAX)));
        }
        Evidence cut = PowerCut.cut(List.of(victim));
        boolean midst = begun && follower.linesWith(SnapshotChurn.INSTALLED) == installedBefore;
        Map<String, Object> facts = new LinkedHashMap<>(cut.facts());
        facts.put("receiver", follower.id());
        facts.put("when", whenCopied ? "it was put in place" : "it was sent");
        facts.put("not-installed-yet", midst);
        facts.put("note-of-the-installation", Files.exists(note(follower)));
        return new Strike(
                List.of(victim.id()),
                () -> {
                    bed.network().heal();
                    victim.shim().ifPresent(Shim::clear);
                    victim.start();
                },
                () -> {
                    facts.put("fetched", follower.linesWith(SnapshotChurn.FETCHED) - fetchedBefore);
                    facts.put("installed", follower.linesWith(SnapshotChurn.INSTALLED) - installedBefore);
                    return new Evidence(cut.proven() && midst, facts);
                });
    }

    /** It is there for a moment only. */
    private static void awaitNote(Server follower) throws InterruptedException {
        long beganNs = System.nanoTime();
        while (!Files.exists(note(follower)) && System.nanoTime() - beganNs < COPIED.toNanos()) {
            Patience.rest(LOOK_AGAIN);
        }
    }

    /** There from when a snapshot is checked until the state is made of it. */
    private static Path note(Server follower) {
        return follower.data().resolve("state/installing");
    }
}
