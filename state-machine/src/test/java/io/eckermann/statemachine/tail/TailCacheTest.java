package io.eckermann.statemachine.tail;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.Recent;
import io.eckermann.statemachine.chunk.NewChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TailCacheTest {
    private static final long ALL = Long.MAX_VALUE;

    /** A run of one topic: how many chunks it became, and how many bytes it brought. */
    record Run(long topicId, int chunks, int bytes) {}

    private final TailCache cache = new TailCache(10_000);

    @Test
    void whatBecameVisibleIsReadAsTheSameChunks() {
        NewChunk first = chunk(1, 1, 3, 30);
        NewChunk second = chunk(1, 4, 2, 20);
        cache.appended(List.of(first, chunk(2, 1, 1, 10), second));
        Recent read = read(1, 2, ALL);
        assertThat(read.head()).isEqualTo(5);
        assertThat(read.chunks()).hasSize(2);
        assertThat(read.chunks().get(0)).isSameAs(first.chunk());
        assertThat(read.chunks().get(1)).isSameAs(second.chunk());
        assertThat(read(1, 4, 1).chunks()).containsExactly(second.chunk());
        assertThat(read(1, 6, ALL).chunks()).isEmpty();
        assertThat(cache.read(1, 7, ALL)).isNull();
        assertThat(cache.read(1, 0, ALL)).isNull();
        assertThat(cache.read(3, 1, ALL)).isNull();
    }

    @Test
    void readersAtTheSamePlaceShareOneList() {
        cache.appended(List.of(chunk(1, 1, 3, 30)));
        assertThat(read(1, 1, 500).chunks()).isSameAs(read(1, 1, 500).chunks());
        List<Chunk> before = read(1, 1, 500).chunks();
        cache.appended(List.of(chunk(1, 4, 1, 10)));
        assertThat(read(1, 1, 500).chunks()).hasSize(2).isNotSameAs(before);
        assertThat(before).hasSize(1);
    }

    @Test
    void aRunCountsWholeAsLongAsOneOfItsChunksIsHere() {
        // Most of the run was refused: its one small chunk keeps all its bytes.
        cache.appended(List.of(new NewChunk(1, chunk(1, 1, 1, 10).chunk(), 9_000)));
        assertThat(cache.bytes()).isEqualTo(9_000 + TailCache.CHUNK_BYTES);
        cache.appended(List.of(chunk(2, 1, 1, 2_000)));
        assertThat(cache.read(1, 1, ALL)).isNull();
        assertThat(cache.bytes()).isEqualTo(2_000 + TailCache.CHUNK_BYTES);
        assertThat(read(2, 1, ALL).chunks()).hasSize(1);
    }

    @Test
    void anEntryCountsWholeUntilTheLastOfItsTopicsIsGone() {
        NewChunk small = new NewChunk(2, chunk(2, 1, 1, 10).chunk(), 0);
        cache.appended(List.of(new NewChunk(1, chunk(1, 1, 1, 10).chunk(), 6_000), small));
        cache.deleted(1);
        assertThat(cache.bytes()).isEqualTo(6_000 + TailCache.CHUNK_BYTES);
        assertThat(read(2, 1, ALL).chunks()).containsExactly(small.chunk());
        cache.deleted(2);
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void whatIsLargerThanTheCacheIsNotHeld() {
        cache.appended(List.of(chunk(1, 1, 1, 100), chunk(1, 2, 1, 20_000)));
        assertThat(cache.read(1, 1, ALL)).isNull();
        assertThat(cache.bytes()).isZero();
        TailCache none = new TailCache(0);
        none.appended(List.of(chunk(1, 1, 1, 0)));
        assertThat(none.read(1, 2, ALL)).isNull();
    }

    @Test
    void aGapBeginsAnew() {
        cache.appended(List.of(chunk(1, 1, 1, 10)));
        cache.appended(List.of(chunk(1, 5, 1, 10)));
        assertThat(cache.read(1, 1, ALL)).isNull();
        assertThat(read(1, 5, ALL).chunks()).hasSize(1);
        cache.appended(List.of(chunk(2, 1, 1, 9_900)));
        assertThat(cache.read(1, 5, ALL)).isNull();
    }

    @Test
    void deletionAndReplacementForgetAndGiveTheBytesBack() {
        cache.appended(List.of(chunk(1, 1, 1, 1_000), chunk(2, 1, 1, 2_000)));
        cache.deleted(1);
        assertThat(cache.read(1, 1, ALL)).isNull();
        assertThat(cache.bytes()).isEqualTo(2_000 + TailCache.CHUNK_BYTES);
        cache.replaced();
        assertThat(cache.read(2, 1, ALL)).isNull();
        assertThat(cache.bytes()).isZero();
    }

    @Property(tries = 300)
    void whatIsHeldIsAlwaysTheUnbrokenEndOfEachTopic(@ForAll("runs") List<Run> runs) {
        TailCache small = new TailCache(4_000);
        List<List<Chunk>> model = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Run run : runs) {
            List<Chunk> topic = model.get((int) run.topicId());
            List<NewChunk> added = new ArrayList<>();
            for (int k = 0; k < run.chunks(); k++) {
                NewChunk chunk = chunk(run.topicId(), head(topic) + 1, 1 + k, 10);
                topic.add(chunk.chunk());
                added.add(new NewChunk(run.topicId(), chunk.chunk(), k == 0 ? run.bytes() : 0));
            }
            small.appended(added);
            assertThat(small.bytes()).isBetween(0L, 4_000L);
            for (int topicId = 0; topicId < 3; topicId++) {
                checkEnd(small, topicId, model.get(topicId));
            }
        }
    }

    @Test
    void shardsThatAppendAtTheSameTimeLeaveTheEndOfEachTopicUnbroken() {
        TailCache small = new TailCache(4_000);
        List<List<Chunk>> appended = List.of(1L, 2L).parallelStream()
                .map(topicId -> {
                    List<Chunk> all = new ArrayList<>();
                    for (int position = 1; position <= 2_000; position++) {
                        NewChunk next = chunk(topicId, position, 1, 100);
                        all.add(next.chunk());
                        small.appended(List.of(next));
                    }
                    return all;
                })
                .toList();
        assertThat(small.bytes()).isBetween(3_000L, 4_000L);
        checkEnd(small, 1, appended.get(0));
        checkEnd(small, 2, appended.get(1));
    }

    /** Every position gives nothing at all, or all from its chunk to the head. */
    private static void checkEnd(TailCache cache, long topicId, List<Chunk> all) {
        boolean held = false;
        for (long from = 1; from <= head(all); from++) {
            Recent recent = cache.read(topicId, from, ALL);
            assertThat(held && recent == null).as("a hole at %d", from).isFalse();
            if (recent != null) {
                held = true;
                long position = from;
                List<Chunk> expected = all.stream()
                        .filter(chunk -> chunk.getFirstPosition() + chunk.getCount() > position)
                        .toList();
                assertThat(recent.chunks()).isEqualTo(expected);
                assertThat(recent.head()).isEqualTo(head(all));
            }
        }
    }

    @Provide
    Arbitrary<List<Run>> runs() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 2),
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(1, 2_500))
                .as(Run::new)
                .list()
                .ofMaxSize(30);
    }

    private Recent read(long topicId, long from, long bytesMax) {
        return Objects.requireNonNull(cache.read(topicId, from, bytesMax));
    }

    private static long head(List<Chunk> chunks) {
        return chunks.isEmpty()
                ? 0
                : chunks.get(chunks.size() - 1).getFirstPosition()
                        + chunks.get(chunks.size() - 1).getCount()
                        - 1;
    }

    private static NewChunk chunk(long topicId, long first, int count, int bytes) {
        Chunk chunk = Chunk.newBuilder()
                .setFirstPosition(first)
                .setCount(count)
                .setBody(ByteString.copyFrom(new byte[bytes]))
                .build();
        return new NewChunk(topicId, chunk, bytes);
    }
}
