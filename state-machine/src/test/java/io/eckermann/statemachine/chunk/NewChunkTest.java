package io.eckermann.statemachine.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewChunkTest {
    private static final ByteString ENTRY = ByteString.copyFrom(new byte[80_000]);

    @Test
    void whatIsLittleOfItsEntryDoesNotKeepIt() {
        List<NewChunk> chunks = NewChunk.ofEntry(
                List.of(chunk(1, ENTRY.substring(0, 900)), chunk(2, ENTRY.substring(7_000, 7_100))), 80_000);
        assertThat(chunks).extracting(NewChunk::topicId).containsExactly(1L, 2L);
        assertThat(chunks).extracting(NewChunk::sharedBytes).containsExactly(1_000L, 0L);
        assertThat(chunks.get(0).chunk().getBody()).isEqualTo(ENTRY.substring(0, 900));
        // A stretch of other bytes is another class than bytes of one's own.
        assertThat(chunks)
                .extracting(chunk -> chunk.chunk().getBody().getClass().getSimpleName())
                .containsOnly("LiteralByteString");
    }

    @Test
    void whatIsMuchOfItsEntrySharesItsBytesAndTheyCountWhole() {
        List<NewChunk> before = List.of(chunk(1, ENTRY.substring(0, 9_000)), chunk(2, ENTRY.substring(9_000, 19_000)));
        List<NewChunk> chunks = NewChunk.ofEntry(before, 80_000);
        assertThat(chunks).extracting(NewChunk::sharedBytes).containsExactly(80_000L, 0L);
        assertThat(chunks.get(0).chunk()).isSameAs(before.get(0).chunk());
        assertThat(chunks.get(1)).isSameAs(before.get(1));
    }

    @Test
    void partsOfOneBodyGoOnSharingItAndCountOnce() {
        ByteString shared = ENTRY.substring(100, 1_100);
        List<NewChunk> chunks = NewChunk.ofEntry(List.of(part(shared, 0), part(shared, 2), part(shared, 5)), 80_000);
        assertThat(chunks).extracting(NewChunk::sharedBytes).containsExactly(1_000L, 0L, 0L);
        assertThat(chunks.get(2).chunk().getBody())
                .isSameAs(chunks.get(0).chunk().getBody())
                .isNotSameAs(shared);
    }

    private static NewChunk part(ByteString body, int skip) {
        return new NewChunk(1, Chunk.newBuilder().setBody(body).setSkip(skip).build(), 0);
    }

    private static NewChunk chunk(long topicId, ByteString body) {
        return new NewChunk(topicId, Chunk.newBuilder().setBody(body).build(), 0);
    }
}
