package io.eckermann.raftlog.restore;

import com.google.protobuf.ByteString;
import io.eckermann.raftlog.segment.SegmentFile;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.UnreadableCommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Applies what a log's files have behind a state, entry by entry as a replica does: the state is then what theirs was. */
final class Replay {
    private final StateMachine state;
    private final Bound bound;

    Replay(StateMachine state, Bound bound) {
        this.state = state;
        this.bound = bound;
    }

    /**
     * Applies up to the bound, or to the last entry.
     *
     * @throws IOException that names the place, when a file is damaged, or entries are missing
     */
    void run(Path logDirectory) throws IOException {
        for (SegmentFile segment : segments(logDirectory)) {
            long next = state.applied().index() + 1;
            if (!segment.isOpen() && segment.last() < next) {
                continue;
            }
            if (segment.first() > next) {
                throw new IOException("Entries " + next + " to " + (segment.first() - 1) + " are missing before "
                        + segment.path() + ".");
            }
            if (!segment.visit(this::apply)) {
                break;
            }
        }
        if (bound.isIndex() && state.applied().index() != bound.raftIndex()) {
            throw new IOException("The state is at entry " + state.applied().index()
                    + ", and there is no way from there" + " to entry " + bound.raftIndex() + ".");
        }
    }

    private static List<SegmentFile> segments(Path directory) throws IOException {
        List<SegmentFile> segments = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                files.forEach(file -> SegmentFile.of(file).ifPresent(segments::add));
            }
        }
        segments.sort(Comparator.comparingLong(SegmentFile::first));
        return segments;
    }

    private boolean apply(long term, long index, @Nullable ByteString entry) throws IOException {
        if (index <= state.applied().index()) {
            return true;
        }
        if (index > bound.raftIndex()) {
            return false;
        }
        RaftIndex at = new RaftIndex(term, index);
        if (entry == null) {
            state.skip(at);
            return true;
        }
        Command command = decoded(index, entry);
        if (command.leaderTimeNs() > bound.timeNs()) {
            return false;
        }
        state.apply(at, command);
        return true;
    }

    /** When the leader proposed the command of an entry. */
    static long timeNs(long index, ByteString entry) throws IOException {
        return decoded(index, entry).leaderTimeNs();
    }

    private static Command decoded(long index, ByteString entry) throws IOException {
        try {
            return CommandCodec.decode(entry);
        } catch (UnreadableCommandException e) {
            throw new IOException(
                    "Entry " + index + " can't be read: use the version that wrote it, or a newer one.", e);
        }
    }
}
