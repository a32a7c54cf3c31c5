package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.statemachine.chunk.NewChunk;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppliedRunTest {
    @Test
    void bodyThatChunksShareCountsOnce() {
        Chunk chunk =
                Chunk.newBuilder().setBody(ByteString.copyFrom(new byte[1_000])).build();
        AppliedRun run = new AppliedRun();
        run.add(
                new RaftIndex(1, 1),
                List.of(new NewChunk(1, chunk, 1_000), new NewChunk(1, chunk, 0), new NewChunk(1, chunk, 0)));
        run.add(new RaftIndex(1, 2), List.of(new NewChunk(1, chunk, 1_000)));
        assertThat(run.bodyBytes()).isEqualTo(2_000);
        assertThat(run.chunks()).hasSize(4);
    }
}
