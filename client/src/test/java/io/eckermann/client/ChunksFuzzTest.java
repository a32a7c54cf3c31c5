package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ChunkSlice;

/** Chunks as any node may send them. */
class ChunksFuzzTest {
    @FuzzTest
    void aChunkIsReadOrRefused(byte[] data) {
        ChunkSlice slice;
        try {
            slice = ChunkSlice.parseFrom(data);
        } catch (InvalidProtocolBufferException noMessage) {
            return;
        }
        try {
            RecordedChunk chunk = new RecordedChunk("t", slice);
            assertThat(chunk.events()).hasSize(chunk.count());
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT);
        } catch (EckermannException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.DATA_CORRUPT.name());
        }
    }
}
