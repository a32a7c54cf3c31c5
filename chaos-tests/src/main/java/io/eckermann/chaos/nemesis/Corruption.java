package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N11: while a node is down, one of its files is damaged. It must refuse to start and say why, or never have needed what
 * was damaged, or be rebuilt as another member; it must never hand out wrong bytes, which is looked at while it runs with them. What was there
 * is put back: that is the operator with a copy. So it is when the node has not needed it yet, too: it would end the node at
 * any time later, among other faults. N12 is the log that ends too early.
 *
 * <p>Or, when all are hit, the same kind of file on every node, at places that are nowhere the same: whatever is damaged on
 * one is whole on the others.
 *
 * @param kinds one of them is hit, by lot; one that the node has no file of is left out
 */
record Corruption(Damage way, List<NodeFiles> kinds, boolean everywhere) implements Nemesis {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration FILES = Duration.ofSeconds(20);

    /** One kind of file on one node. */
    static Corruption of(Damage way, NodeFiles kind) {
        return new Corruption(way, List.of(kind), false);
    }

    /** Any file, by lot. */
    static Corruption anywhere(Damage way) {
        return new Corruption(way, List.of(NodeFiles.values()), false);
    }

    @Override
    public String id() {
        return way == Damage.TRUNCATED && kinds.equals(List.of(NodeFiles.LOG_TAIL)) ? "N12" : "N11";
    }

    @Override
    public String name() {
        String where = kinds.size() > 1 ? "any-file" : kinds.get(0).word();
        return way.word() + "-" + where + (everywhere ? "-on-every-node" : "");
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        List<Server> victims = bed.targets(everywhere ? Testbed.Whom.ALL : Testbed.Whom.FOLLOWER, choices);
        awaitFiles(bed, victims, choices);
        for (Server victim : victims) {
            victim.kill();
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        Map<Server, DamagedFile> damage = new LinkedHashMap<>();
        for (int part = 0; part < victims.size(); part++) {
            Server victim = victims.get(part);
            Optional<DamagedFile> file = choose(victim, part, victims.size(), choices);
            if (file.isEmpty()) {
                facts.put(victim.id(), "no file of this kind");
            } else {
                file.get().damage();
                damage.put(victim, file.get());
                facts.put(victim.id(), file.get().text());
            }
        }
        return runWith(bed, victims, damage, facts);
    }

    /** Of some there are none before so much was written. */
    private void awaitFiles(Testbed bed, List<Server> victims, Choices choices) throws Exception {
        if (hasFiles(victims)) {
            return;
        }
        SnapshotChurn.fill(bed.servers(), choices);
        Patience.until(FILES, () -> hasFiles(victims));
    }

    private boolean hasFiles(List<Server> victims) throws IOException {
        for (Server victim : victims) {
            if (kinds.size() == 1 && kinds.get(0).of(victim).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private Optional<DamagedFile> choose(Server victim, int part, int parts, Choices choices) throws IOException {
        List<NodeFiles> left = new ArrayList<>(kinds);
        while (!left.isEmpty()) {
            NodeFiles kind = left.remove(choices.below(left.size()));
            Optional<DamagedFile> file = DamagedFile.choose(victim.data(), kind, way, part, parts, choices);
            if (file.isPresent()) {
                return file;
            }
        }
        return Optional.empty();
    }

    /** Starts the nodes with what was damaged, and mends it when the fault is over. */
    static Strike runWith(Testbed bed, List<Server> victims, Map<Server, DamagedFile> damage, Map<String, Object> facts)
            throws Exception {
        boolean proven = damage.size() == victims.size();
        for (Server victim : victims) {
            victim.start();
        }
        awaitVerdicts(bed, victims);
        for (Server victim : victims) {
            facts.put(victim.id() + "-refused", !victim.isAlive());
            victim.exitCode().ifPresent(code -> facts.put(victim.id() + "-exit", code));
            if (bed.servers().isReady(victim)) {
                ServedBytes.compare(bed.servers(), victim).ifPresent(wrong -> facts.put("served-wrong", wrong));
            }
        }
        return Strike.on(victims, new Evidence(proven, facts), () -> {
            mend(victims, damage);
            // Who waited for a majority may come upon its damage only now.
            awaitVerdicts(bed, victims);
            mend(victims, damage);
            for (Map.Entry<Server, DamagedFile> unread : damage.entrySet()) {
                unread.getValue().mend(unread.getKey().isAlive());
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
                damaged.mend(false);
            }
            victim.start();
        }
    }
}
