package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * N11: while a node is down, one of its files becomes what it was a while ago: a disk that acknowledged writes and lost them. Of the
 * kinds that are written to at all; the node must see it, or get again what it lost.
 */
record RolledBack(NodeFiles kind) implements Nemesis {
    /** So long something may take to be written; what is written at snapshots alone needs more to be written meanwhile. */
    private static final Duration CHANGE = Duration.ofSeconds(4);

    @Override
    public String id() {
        return "N11";
    }

    @Override
    public String name() {
        return Damage.ROLLED_BACK.word() + "-" + kind.word();
    }

    @Override
    public Duration lasts(Duration usual, int nodes) {
        return hold(usual).plusSeconds(5);
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(Testbed.Whom.FOLLOWER, choices).get(0);
        Map<Path, byte[]> copies = new LinkedHashMap<>();
        for (Path file : kind.of(victim)) {
            copies.put(file, read(file));
        }
        if (!Patience.until(CHANGE, () -> isChanged(copies))) {
            SnapshotChurn.fill(bed.servers(), choices);
            Patience.until(CHANGE, () -> isChanged(copies));
        }
        victim.kill();
        Map<String, Object> facts = new LinkedHashMap<>();
        Map<Server, DamagedFile> damage = new LinkedHashMap<>();
        for (Map.Entry<Path, byte[]> copy : copies.entrySet()) {
            Optional<DamagedFile> file = DamagedFile.earlier(copy.getKey(), kind, copy.getValue());
            if (file.isPresent() && damage.isEmpty()) {
                file.get().damage();
                damage.put(victim, file.get());
                facts.put(victim.id(), file.get().text());
            }
        }
        return Corruption.runWith(bed, List.of(victim), damage, facts);
    }

    private static boolean isChanged(Map<Path, byte[]> copies) {
        return copies.entrySet().stream()
                .anyMatch(copy -> Files.exists(copy.getKey()) && !Arrays.equals(read(copy.getKey()), copy.getValue()));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new byte[0]; // it has just gone, and can't be rolled back
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
