package io.eckermann.statemachine.chunk;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that are needed of a damaged segment: this node's own where they match their chunks' checksums, else the first
 * that another source has and that does. What nobody has is null.
 */
public final class MendedBodies implements ChunkSource {
    private final ChunkSource own;
    private final List<? extends ChunkSource> others;
    private final Map<ChunkAddress, Integer> checksums = new HashMap<>();
    private int fetched;

    /** @param pieces what may be asked for, with the checksums that this node's index has of it */
    public MendedBodies(ChunkSource own, List<? extends ChunkSource> others, List<LivePiece> pieces) {
        this.own = own;
        this.others = others;
        pieces.forEach(piece -> checksums.put(piece.address(), piece.crc32c()));
    }

    /** How many came from others. */
    public int fetched() {
        return fetched;
    }

    @Override
    public List<@Nullable ByteString> find(List<ChunkAddress> addresses) {
        List<@Nullable ByteString> bodies = new ArrayList<>();
        // One by one: a file that can't be read fails all that is asked for with it.
        for (ChunkAddress address : addresses) {
            bodies.add(sound(own, List.of(address)).get(0));
        }
        for (ChunkSource other : others) {
            fill(bodies, addresses, other);
        }
        return bodies;
    }

    private void fill(List<@Nullable ByteString> bodies, List<ChunkAddress> addresses, ChunkSource other) {
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            if (bodies.get(i) == null) {
                missing.add(i);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        List<@Nullable ByteString> found =
                sound(other, missing.stream().map(addresses::get).toList());
        for (int i = 0; i < missing.size(); i++) {
            bodies.set(missing.get(i), found.get(i));
            fetched += found.get(i) == null ? 0 : 1;
        }
    }

    /** What the source has, without what does not match its checksum. */
    private List<@Nullable ByteString> sound(ChunkSource source, List<ChunkAddress> addresses) {
        List<@Nullable ByteString> bodies = new ArrayList<>();
        try {
            bodies.addAll(source.find(addresses));
        } catch (StoreException e) {
            // It can't be read, or the other node does not answer: the next one is asked.
            bodies.clear();
        }
        for (int i = 0; i < addresses.size(); i++) {
            if (i == bodies.size()) {
                bodies.add(null);
            }
            ByteString body = bodies.get(i);
            Integer checksum = checksums.get(addresses.get(i));
            if (body != null && (checksum == null || EventsCodec.crc32c(body) != checksum)) {
                bodies.set(i, null);
            }
        }
        return bodies;
    }
}
