package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads bodies out of files: neighbours with one access, so that catching up reads in long strokes. */
public final class BodyReads {
    /** What is read in vain to save an access. */
    private static final int GAP_BYTES_MAX = 16 << 10;

    /** A stroke ends here at the latest; its bodies share one array. */
    private static final int STROKE_BYTES_MAX = 1 << 20;

    private static final int TRIES = 3;

    /** A body's place. The file is held for the reader, who releases it. */
    public record Place(SharedFile file, long position, int length) {
        long end() {
            return position + length;
        }

        /** Whether these are the very same bytes, as of chunks that share their body. */
        boolean isSame(Place other) {
            return file == other.file && position == other.position && length == other.length;
        }
    }

    /** Knows places. */
    public interface Locator {
        /** Where the body is, its file acquired; null when it is in none. */
        @Nullable
        Place locate(ChunkAddress address) throws IOException;
    }

    private BodyReads() {}

    /** As {@link ChunkSource#find}. */
    public static List<@Nullable ByteString> find(List<ChunkAddress> addresses, Locator locator) {
        for (int tries = 1; ; tries++) {
            try {
                return findOnce(addresses, locator);
            } catch (ClosedChannelException e) {
                // A reader that is interrupted closes the file for all: the others open it again.
                if (tries == TRIES || e instanceof ClosedByInterruptException) {
                    throw new StoreException(ErrorCode.NOT_READY, "The read was interrupted: try again.", e);
                }
            }
        }
    }

    private static List<@Nullable ByteString> findOnce(List<ChunkAddress> addresses, Locator locator)
            throws ClosedChannelException {
        List<@Nullable ByteString> bodies = new ArrayList<>(addresses.size());
        List<@Nullable Place> places = new ArrayList<>(addresses.size());
        try {
            for (ChunkAddress address : addresses) {
                places.add(located(address, locator));
            }
            int from = 0;
            while (from < places.size()) {
                int to = strokeEnd(places, from);
                read(addresses.get(from), places.subList(from, to), bodies);
                from = to;
            }
            return bodies;
        } finally {
            for (Place place : places) {
                if (place != null) {
                    place.file().release();
                }
            }
        }
    }

    private static @Nullable Place located(ChunkAddress address, Locator locator) throws ClosedChannelException {
        try {
            return locator.locate(address);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw failed(address, String.valueOf(e.getMessage()), e);
        }
    }

    /** Behind the last place that is read together with the first. */
    private static int strokeEnd(List<@Nullable Place> places, int from) {
        Place start = places.get(from);
        int to = from + 1;
        Place before = start;
        while (start != null && before != null && to < places.size()) {
            Place next = places.get(to);
            if (next != null && next.isSame(before)) {
                to++;
                continue;
            }
            if (next == null
                    || next.file() != start.file()
                    || next.position() < before.end()
                    || next.position() - before.end() > GAP_BYTES_MAX
                    || next.end() - start.position() > STROKE_BYTES_MAX) {
                return to;
            }
            before = next;
            to++;
        }
        return to;
    }

    private static void read(ChunkAddress first, List<@Nullable Place> places, List<@Nullable ByteString> bodies)
            throws ClosedChannelException {
        Place start = places.get(0);
        Place last = places.get(places.size() - 1);
        if (start == null || last == null) {
            bodies.add(null);
            return;
        }
        ByteString stroke = read(first, start, (int) (last.end() - start.position()));
        Place before = null;
        for (Place place : places) {
            if (place != null) {
                int at = (int) (place.position() - start.position());
                bodies.add(
                        before != null && place.isSame(before)
                                ? bodies.get(bodies.size() - 1)
                                : stroke.substring(at, at + place.length()));
                before = place;
            }
        }
    }

    private static ByteString read(ChunkAddress first, Place start, int length) throws ClosedChannelException {
        try {
            return UnsafeByteOperations.unsafeWrap(start.file().read(start.position(), length));
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw failed(first, start.file().path() + " (" + e.getMessage() + ")", e);
        }
    }

    private static StoreException failed(ChunkAddress address, String what, IOException e) {
        return new StoreException(
                        ErrorCode.DATA_CORRUPT,
                        "A stored chunk cannot be read on this node, look at " + what
                                + "; read from another node meanwhile.",
                        e)
                .with("raft_index", address.raftIndex());
    }
}
