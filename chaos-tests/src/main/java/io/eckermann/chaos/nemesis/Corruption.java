package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N11: while a node is down, a bit of one of its files flips. It must refuse to start and say why, or never have needed the
 * bit; it must never hand out wrong bytes. The bit is put back: that is the operator with a copy. So it is when the node has not
 * needed it yet, too: it would end the node at any time later, among other faults.
 *
 * <p>Or, when all are hit, a bit of the same kind of file on every node, at places that are nowhere the same: whatever is
 * damaged on one is whole on the others.
 */
record Corruption(DamagedFile.Kind kind, boolean everywhere) implements Nemesis {
    private static final Duration START = Duration.ofSeconds(60);

    @Override
    public String id() {
        return "N11";
    }

    @Override
    public String name() {
        return "bit-flip-" + kind.word() + (everywhere ? "-on-every-node" : "");
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(everywhere ? Testbed.Whom.ALL : Testbed.Whom.FOLLOWER, choices);
        for (Server victim : victims) {
            victim.kill();
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        Map<Server, DamagedFile> damage = new LinkedHashMap<>();
        for (int part = 0; part < victims.size(); part++) {
            Server victim = victims.get(part);
            Optional<DamagedFile> file = DamagedFile.choose(victim, kind, part, victims.size(), choices);
            if (file.isEmpty()) {
                facts.put(victim.id(), "no file of this kind");
            } else {
                file.get().damage();
                damage.put(victim, file.get());
                facts.put(victim.id(), file.get().text());
            }
        }
        for (Server victim : victims) {
            victim.start();
        }
        awaitVerdicts(bed, victims);
        for (Server victim : victims) {
            facts.put(victim.id() + "-refused", !victim.isAlive());
            victim.exitCode().ifPresent(code -> facts.put(victim.id() + "-exit", code));
        }
        return Strike.on(victims, new Evidence(damage.size() == victims.size(), facts), () -> {
            mend(victims, damage);
            // Who waited for a majority may come upon its damage only now.
            awaitVerdicts(bed, victims);
            mend(victims, damage);
            for (DamagedFile unread : damage.values()) {
                unread.mend();
            }
        });
    }

    /** Until each has ended or is ready. Without a majority none is ready, so that is not waited for. */
    private static void awaitVerdicts(Testbed bed, List<Server> victims) throws Exception {
        Patience.until(START, () -> {
            long up = bed.servers().all().stream().filter(Server::isAlive).count();
            for (Server victim : victims) {
                if (victim.isAlive()
                        && up >= bed.servers().majority()
                        && !bed.servers().isReady(victim)) {
                    return false;
                }
            }
            return true;
        });
    }

    private static void mend(List<Server> victims, Map<Server, DamagedFile> damage) throws Exception {
        for (Server victim : victims) {
            if (victim.isAlive()) {
                continue;
            }
            DamagedFile damaged = damage.remove(victim);
            if (damaged != null) {
                damaged.mend();
            }
            victim.start();
        }
    }
}
