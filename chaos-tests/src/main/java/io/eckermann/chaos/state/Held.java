package io.eckermann.chaos.state;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.raftlog.segment.FlushMark;
import io.eckermann.raftlog.segment.LiveBodies;
import io.eckermann.raftlog.segment.LogCheck;
import io.eckermann.raftlog.segment.SegmentFile;
import io.eckermann.raftlog.segment.VoteFile;
import io.eckermann.statemachine.RaftIndex;
import io.eckermann.statemachine.Snapshot;
import io.eckermann.statemachine.SnapshotCheck;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.StorageFailure;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.UnreadableCommandException;
import io.eckermann.statemachine.storage.IndexFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * All that a node's directory comes to: what a start looks at, every event, every row, and, where that is asked for, what it would
 * send to another node.
 *
 * @param vote the term, and whom the node has voted for in it
 * @param applied the last entry
 * @param state digest of the rows that replicas share
 * @param events digest of all events of all topics
 * @param snapshot digest of the rows that another node has that installs the newest snapshot; empty when there is none, or
 *     nobody asked
 */
record Held(String vote, long applied, String state, String events, String snapshot) {
    private static final long PAGE_BYTES = 1 << 20;

    /** Reads all of it; what a start mends is mended. */
    static Held in(Path data, boolean withSnapshot) throws IOException {
        Held held;
        try {
            held = read(data, withSnapshot);
        } catch (IOException | RuntimeException e) {
            // As a node does that was ended by its index, to say which file it is.
            IndexFile.verifyAll(data.resolve("state/db"));
            throw e;
        }
        IndexFile.verifyAll(data.resolve("state/db"));
        return held;
    }

    private static Held read(Path data, boolean withSnapshot) throws IOException {
        Path log = logDirectory(data);
        VoteFile.check(log, true);
        String vote = vote(log);
        try (StateMachine state = StateMachine.open(data.resolve("state"));
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
            String snapshot = withSnapshot ? snapshot(data, state, bodies) : "";
            replay(state, log);
            String rows = state.digest();
            String events;
            try {
                events = events(state);
            } catch (StoreException e) {
                // A reader is not told of files; who looks after them is.
                scrub(state);
                throw e;
            }
            scrub(state);
            return new Held(vote, state.applied().index(), rows, events, snapshot);
        }
    }

    private static void scrub(StateMachine state) throws IOException {
        for (KeptSegment segment : state.scavenging().keptSegments()) {
            state.scavenging().verify(segment);
        }
    }

    /** Whether that is how the product says that something is damaged, where it throws nothing that is checked. */
    static boolean isRefusal(Throwable failure) {
        return failure instanceof StoreException || failure instanceof StorageFailure;
    }

    private static Path logDirectory(Path data) throws IOException {
        try (Stream<Path> groups = Files.list(data.resolve("raft"))) {
            return groups.filter(Files::isDirectory).findFirst().orElseThrow().resolve("current");
        }
    }

    /** As Ratis reads it, for which bytes that are no characters are others. */
    private static String vote(Path log) throws IOException {
        Properties vote = new Properties();
        try (Reader in =
                new InputStreamReader(Files.newInputStream(log.resolve(VoteFile.NAME)), StandardCharsets.UTF_8)) {
            vote.load(in);
        }
        return vote.getProperty("term") + " " + vote.getProperty("votedFor");
    }

    private static void replay(StateMachine state, Path log) throws IOException {
        List<SegmentFile> segments = new ArrayList<>();
        try (Stream<Path> files = Files.list(log)) {
            files.forEach(file -> SegmentFile.of(file).ifPresent(segments::add));
        }
        segments.sort(Comparator.comparingLong(SegmentFile::first));
        for (SegmentFile segment : segments) {
            segment.visit((term, index, command) -> {
                RaftIndex at = new RaftIndex(term, index);
                if (index > state.applied().index() && command == null) {
                    state.skip(at);
                } else if (index > state.applied().index() && command != null) {
                    state.apply(at, decoded(index, command));
                }
                return true;
            });
        }
    }

    private static Command decoded(long index, ByteString command) throws IOException {
        try {
            return CommandCodec.decode(command);
        } catch (UnreadableCommandException e) {
            throw new IOException("Entry " + index + " can't be read.", e);
        }
    }

    private static String events(StateMachine state) {
        state.flush();
        MessageDigest digest = sha256();
        for (TopicState topic : state.view().topics("")) {
            for (long next = topic.first(); next <= topic.head(); ) {
                for (Chunk chunk : state.view().forward(topic.id(), next, PAGE_BYTES)) {
                    digest.update(chunk.toByteArray());
                    next = chunk.getFirstPosition() + chunk.getCount();
                }
            }
        }
        return hex(digest);
    }

    /** Sent as to another node, which installs it. */
    private static String snapshot(Path data, StateMachine state, LiveBodies bodies) throws IOException {
        Path sent = Files.createDirectories(data.resolve("sending"));
        Snapshot latest = state.linkLatestSnapshot(sent);
        if (latest == null) {
            return "";
        }
        SnapshotCheck check = new SnapshotCheck(state.kept());
        List<Snapshot.File> files = Snapshot.files(sent, -1);
        try (StateMachine other = StateMachine.open(data.resolve("other"))) {
            other.attach(bodies);
            Path incoming = other.incoming();
            for (Snapshot.File file : files) {
                check.verify(file.path());
            }
            for (Snapshot.File file : files) {
                Files.move(file.path(), incoming.resolve(file.path().getFileName()));
            }
            other.accept(incoming);
            other.install();
            return other.digest();
        }
    }

    String text() {
        return "vote " + vote + ", entry " + applied + ", state " + state.substring(0, 8) + ", events "
                + events.substring(0, 8) + ", snapshot " + snapshot.substring(0, Math.min(8, snapshot.length()));
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
