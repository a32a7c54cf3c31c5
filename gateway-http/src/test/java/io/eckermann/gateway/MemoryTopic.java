package io.eckermann.gateway;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.TopicSettings;
import io.eckermann.statemachine.TimeSeek;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.Unread;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.query.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** One topic in memory. Guarded by its shard. */
final class MemoryTopic {
    final long id;
    final String name;
    final TopicSettings settings;
    final MemoryCursors cursors = new MemoryCursors();
    private final long createdNs;
    private final List<Chunk> chunks = new ArrayList<>();
    long head;
    /** How many pages were read. */
    int pages;

    private long lastNs;

    MemoryTopic(long id, String name, TopicSettings settings, long createdNs) {
        this.id = id;
        this.name = name;
        this.settings = settings;
        this.createdNs = createdNs;
    }

    TopicState state() {
        return new TopicState(id, name, settings, head, 1, lastNs, 0, createdNs);
    }

    /** Records it at this time at the earliest. */
    Result append(Operation.Append append, long nowNs) {
        long first = head + 1;
        long ns = Math.max(nowNs, lastNs + 1);
        Chunk.Builder chunk = Chunk.newBuilder()
                .setFirstPosition(first)
                .setCount(append.count())
                .setFirstRecordedNs(ns)
                .setEncoding(append.encoding())
                .setCrc32C(append.crc32c())
                .setBody(append.body());
        chunks.add((append.encoding() == Encoding.PLAIN ? chunk : shared(chunk)).build());
        head += append.count();
        lastNs = ns + append.count() - 1;
        return new Result.Appended(first, append.count(), head, ns, false);
    }

    /** The chunk within a body that holds others' events around its own, as when a leader compressed them together. */
    private static Chunk.Builder shared(Chunk.Builder chunk) {
        Event other = Event.newBuilder().setKey("another chunk's").build();
        List<Event> events = new ArrayList<>(List.of(other, other));
        events.addAll(EventsCodec.events(chunk.build()));
        events.add(other);
        ByteString body = BodyCompression.compress(chunk.getEncoding(), EventsCodec.body(events));
        return chunk.setBody(body).setCrc32C(EventsCodec.crc32c(body)).setSkip(2);
    }

    /** Looks at every event. */
    Stream<Long> matches(Filter filter) {
        List<Long> found = new ArrayList<>();
        for (Chunk chunk : chunks) {
            long position = chunk.getFirstPosition();
            for (Event event : EventsCodec.events(chunk)) {
                boolean ofKey = filter.key() == null || filter.key().equals(event.getKey());
                boolean ofQuery = filter.query().getItemsCount() == 0
                        || filter.query().getItemsList().stream()
                                .anyMatch(item -> event.getTagsList().containsAll(item.getTagsList())
                                        && (item.getTypesCount() == 0
                                                || item.getTypesList().contains(event.getType())));
                if (ofKey && ofQuery) {
                    found.add(position);
                }
                position++;
            }
        }
        return found.stream();
    }

    List<Chunk> forward(long from, long bytesMax) {
        return page(
                chunks.stream()
                        .filter(chunk -> chunk.getFirstPosition() + chunk.getCount() > from)
                        .toList(),
                bytesMax);
    }

    List<Chunk> backward(long from, long bytesMax) {
        List<Chunk> falling = new ArrayList<>();
        chunks.stream().filter(chunk -> chunk.getFirstPosition() <= from).forEach(chunk -> falling.add(0, chunk));
        return page(falling, bytesMax);
    }

    private List<Chunk> page(List<Chunk> wanted, long bytesMax) {
        pages++;
        List<Chunk> page = new ArrayList<>();
        long bytes = 0;
        for (Chunk chunk : wanted) {
            bytes += chunk.getBody().size();
            if (!page.isEmpty() && bytes > bytesMax) {
                break;
            }
            page.add(chunk);
        }
        return page;
    }

    OptionalLong positionAt(long recordedNs, TimeSeek seek) {
        long before = 0;
        long beforeNs = 0;
        for (Chunk chunk : chunks) {
            for (int k = 0; k < chunk.getCount(); k++) {
                long position = chunk.getFirstPosition() + k;
                long ns = chunk.getFirstRecordedNs() + k;
                if (ns >= recordedNs) {
                    boolean beforeIsNearer = before > 0 && recordedNs - beforeNs <= ns - recordedNs;
                    boolean earlier = (seek == TimeSeek.AT_OR_BEFORE && ns > recordedNs)
                            || (seek == TimeSeek.NEAREST && beforeIsNearer);
                    return earlier
                            ? (before == 0 ? OptionalLong.empty() : OptionalLong.of(before))
                            : OptionalLong.of(position);
                }
                before = position;
                beforeNs = ns;
            }
        }
        return seek == TimeSeek.AT_OR_AFTER || before == 0 ? OptionalLong.empty() : OptionalLong.of(before);
    }

    /** Whose chunks' shares are not told apart: it counts no bytes. */
    Unread unread(long position) {
        long nextNs = chunks.stream()
                .filter(chunk -> chunk.getFirstPosition() + chunk.getCount() > position + 1)
                .findFirst()
                .map(chunk -> chunk.getFirstRecordedNs() + position + 1 - chunk.getFirstPosition())
                .orElse(0L);
        return new Unread(state(), position + 1, 0, nextNs);
    }
}
