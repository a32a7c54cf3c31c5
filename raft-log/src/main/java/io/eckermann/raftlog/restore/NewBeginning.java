package io.eckermann.raftlog.restore;

import io.eckermann.raftlog.segment.FlushMark;
import io.eckermann.raftlog.segment.LiveBodies;
import io.eckermann.raftlog.segment.LogCheck;
import io.eckermann.raftlog.segment.SegmentFile;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.chunk.KeptSegments;
import io.eckermann.statemachine.storage.DurableFiles;
import io.eckermann.statemachine.storage.FirstState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the directory of a state with which a new group begins. What a crash leaves half done is done again. */
public final class NewBeginning {
    private NewBeginning() {}

    /**
     * What the new group begins with.
     *
     * @param raftIndex the last entry of the old group that is in it
     * @param digest over all rows that replicas share
     */
    public record Outcome(long raftIndex, String digest) {}

    /**
     * From a snapshot and what follows it.
     *
     * @param snapshot its files, which are taken away; a directory without any: the state before the first entry
     * @param log closed files of the Raft log that go on where the snapshot ends; may be missing when nothing does
     * @param directory for the state: empty, and on the same filesystem as both
     */
    public static Outcome ofSnapshot(Path snapshot, Path log, Path directory, Bound bound) throws IOException {
        Outcome outcome;
        try (StateMachine state = StateMachine.open(directory);
                LiveBodies bodies = new LiveBodies(log, state.kept())) {
            state.attach(bodies);
            if (!DurableFiles.list(snapshot).isEmpty()) {
                Path incoming = state.incoming();
                for (Path file : DurableFiles.list(snapshot)) {
                    Files.move(file, incoming.resolve(file.getFileName()));
                }
                RaftIndex at = state.accept(incoming);
                if (at.index() > bound.raftIndex()) {
                    throw new IOException(
                            "The snapshot ends at entry " + at.index() + ", behind " + bound.raftIndex() + ".");
                }
                state.install();
                requireBefore(state.kept(), bound);
            }
            new Replay(state, bound).run(log);
            outcome = made(state);
        }
        FirstState.make(directory);
        return outcome;
    }

    /**
     * From what a node of the old group has, up to the last entry in its log, committed or not: the others may have
     * acknowledged it with this node.
     *
     * @param directory of the state, which is changed
     * @param log the directory with the files of the node's Raft log; a torn tail is cut
     */
    public static Outcome ofSurvivor(Path directory, Path log) throws IOException {
        Outcome outcome;
        try (StateMachine state = StateMachine.open(directory);
                LiveBodies bodies = new LiveBodies(log, state.kept());
                FlushMark mark = FlushMark.open(log)) {
            state.attach(bodies);
            bodies.checkKept();
            long applied = state.applied().index();
            long end = new LogCheck(
                            log,
                            applied,
                            state.installedAt().index(),
                            state.kept().end(),
                            mark.index())
                    .run();
            bodies.check(applied, end);
            new Replay(state, Bound.NONE).run(log);
            outcome = made(state);
        }
        FirstState.make(directory);
        return outcome;
    }

    /** The newest segment is never a packed one, so that it tells of its commands' times. */
    private static void requireBefore(KeptSegments kept, Bound bound) throws IOException {
        List<KeptSegment> segments = kept.segments();
        KeptSegment last = segments.isEmpty() ? null : segments.get(segments.size() - 1);
        if (last == null || last.packed() || bound.timeNs() == Long.MAX_VALUE) {
            return;
        }
        SegmentFile file = new SegmentFile(kept.data(last), last.first(), last.last());
        if (!file.visit((term, index, entry) -> entry == null || Replay.timeNs(index, entry) <= bound.timeNs())) {
            throw new IOException("The snapshot, which ends at entry " + last.last() + ", holds commands later than the"
                    + " time asked for: begin with an older one.");
        }
    }

    /** All of it is on the disk, and no body is in the log alone. */
    private static Outcome made(StateMachine state) {
        state.takeSnapshot();
        return new Outcome(state.applied().index(), state.digest());
    }
}
