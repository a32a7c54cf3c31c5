package io.eckermann.chaos.meta;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.disk.LoopDisk;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.Edn;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Resources;
import io.eckermann.chaos.shim.NativeTools;
import io.eckermann.chaos.shim.Shim;
import io.eckermann.chaos.shim.Shim.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the power of one disk again and again, each time at a {@link Moment} of a write of term and vote, and has Ratis read
 * them anew. Each cut is in the history: what was safe, what was being written, what came back. A file that nobody fsynced,
 * written right before, must not be there whole afterwards: that is the evidence. Runs on one thread.
 */
public final class MetaCuts {
    /** XFS takes no less. */
    private static final long DISK_BYTES = 320L << 20;

    private static final List<Moment> MOMENTS = List.of(Moment.values());

    private static final int MARKER_BYTES = 8192;
    /** So many writes at most go well before the one that is cut, so that the journal is never the same. */
    private static final int GOOD_WRITES_MAX = 3;

    private final NodeProgram program;
    private final LoopDisk.Kind kind;
    private final LoopDisk disk;
    private final Shim shim;
    private final Path log;
    private final History history;
    private final Choices choices;

    /** Lays the disk out. */
    public MetaCuts(
            NodeProgram program,
            LoopDisk.Kind kind,
            Path directory,
            NativeTools tools,
            Resources resources,
            History history,
            long seed)
            throws Exception {
        this.program = program;
        this.kind = kind;
        this.history = history;
        String name = "raft-meta-" + kind.word();
        disk = new LoopDisk(kind, name + ".disk", directory, DISK_BYTES, tools.tool(), resources);
        shim = new Shim(directory.resolve(name + ".page"), tools.library());
        log = directory.resolve(name + ".log");
        choices = Choices.of(seed, name);
    }

    /** Cuts so many times, at all moments in turn. */
    public void run(int count) throws Exception {
        Keeper keeper = new Keeper(program, shim, disk.mount(), log);
        try {
            TermAndVote at = need(keeper.found());
            for (int i = 0; i < count; i++) {
                Moment moment = MOMENTS.get(i % MOMENTS.size());
                for (int good = choices.below(GOOD_WRITES_MAX + 1); good > 0; good--) {
                    at = kept(keeper, at.next(choices));
                }
                TermAndVote writing = at.next(choices);
                Files.write(marker(), new byte[MARKER_BYTES]);
                boolean cut = cut(keeper, writing, moment);
                keeper.kill();
                disk.restorePower();
                long left = bytesLeft();
                keeper = new Keeper(program, shim, disk.mount(), log);
                TermAndVote found = keeper.found();
                note(moment, at, writing, found, cut && left < MARKER_BYTES);
                at = need(found);
            }
        } finally {
            keeper.kill();
        }
    }

    private TermAndVote need(@Nullable TermAndVote found) throws IOException {
        return Optional.ofNullable(found)
                .orElseThrow(() -> new IOException("Ratis does not start with what is on its disk: see " + log));
    }

    private TermAndVote kept(Keeper keeper, TermAndVote what) throws IOException {
        if (!keeper.keeps(what)) {
            throw new IOException("It died though nobody cut its power: see " + log);
        }
        return what;
    }

    /** Whether the power went, and when it should. */
    private boolean cut(Keeper keeper, TermAndVote writing, Moment moment) throws Exception {
        if (moment == Moment.ACKNOWLEDGED) {
            boolean kept = keeper.keeps(writing);
            disk.cutPower();
            return kept;
        }
        long before = shim.value(Slot.META_CUTS);
        shim.set(Slot.CUT_AT_META, moment.value());
        boolean kept = keeper.keeps(writing);
        if (kept) {
            // It did not come to this moment: no evidence, and no cut that nobody asked for.
            shim.set(Slot.CUT_AT_META, 0);
            disk.cutPower();
        }
        return !kept && shim.value(Slot.META_CUTS) > before;
    }

    private Path marker() {
        return disk.mount().resolve("unsynced");
    }

    private long bytesLeft() throws IOException {
        long left = Files.exists(marker()) ? Files.size(marker()) : 0;
        Files.deleteIfExists(marker());
        return left;
    }

    private void note(Moment moment, TermAndVote kept, TermAndVote writing, @Nullable TermAndVote found, boolean cut) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("filesystem", kind.word());
        value.put("moment", Edn.keyword(moment.word()));
        value.put("kept", kept.text());
        value.put("writing", writing.text());
        value.put("found", found == null ? "nothing that Ratis reads" : found.text());
        value.put("proven", cut);
        history.nemesis("raft-meta-cut", value);
    }
}
