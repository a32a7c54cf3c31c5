package io.eckermann.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.ChunkBatch;
import io.eckermann.protocol.v1.ChunkSlice;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class SlicingMarshallerTest {
    private static final MethodDescriptor<ReadRequest, ReadFrame> READ =
            SlicingMarshaller.answers(LogGrpc.getReadMethod());
    private static final ReadFrame FRAME = ReadFrame.newBuilder()
            .setChunks(ChunkBatch.newBuilder()
                    .addChunks(ChunkSlice.newBuilder()
                            .setTake(7)
                            .setChunk(Chunk.newBuilder().setCount(9).setBody(ByteString.copyFrom(new byte[100_000])))))
            .build();

    @Test
    void messageComesOutAsItWentIn() {
        assertThat(READ.parseResponse(READ.streamResponse(FRAME))).isEqualTo(FRAME);
        assertThat(READ.parseResponse(READ.streamResponse(ReadFrame.getDefaultInstance())))
                .isEqualTo(ReadFrame.getDefaultInstance());
        assertThat(READ.parseResponse(new ByteArrayInputStream(FRAME.toByteArray())))
                .as("from a stream of unknown length")
                .isEqualTo(FRAME);
    }

    @Test
    void byteFieldsAreSlicesOfWhatWasRead() throws IOException {
        ByteString body = READ.parseResponse(READ.streamResponse(FRAME))
                .getChunks()
                .getChunks(0)
                .getChunk()
                .getBody();
        int[] arrayLength = new int[1];
        UnsafeByteOperations.unsafeWriteTo(body, new ByteOutput() {
            @Override
            public void write(byte value) {}

            @Override
            public void write(byte[] value, int offset, int length) {
                arrayLength[0] = value.length;
            }

            @Override
            public void writeLazy(byte[] value, int offset, int length) {
                arrayLength[0] = value.length;
            }

            @Override
            public void write(ByteBuffer value) {}

            @Override
            public void writeLazy(ByteBuffer value) {}
        });
        assertThat(arrayLength[0]).isEqualTo(FRAME.getSerializedSize()).isGreaterThan(body.size());
    }

    @Test
    void whatIsNoMessageIsRefused() {
        assertThatThrownBy(() -> READ.parseResponse(new ByteArrayInputStream(new byte[] {1, 2, 3})))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("Invalid protobuf");
    }

    @Test
    void anAppendOfTooManyEventsIsReadWithoutMakingThem() {
        AppendRequest most = append(Limits.APPEND_EVENTS_MAX);
        assertThat(parsed(most.toByteArray())).isEqualTo(most);

        AppendRequest tooMany = append(500_000);
        AppendRequest read = parsed(tooMany.toByteArray());
        assertThat(read.getTopic()).isEqualTo("quotes");
        assertThat(read.getEvents().getEventsCount()).isEqualTo(500_000);
        assertThat(read.getEvents().getEventsList())
                .allSatisfy(event -> assertThat(event).isSameAs(Event.getDefaultInstance()));

        byte[] broken = tooMany.toByteArray();
        // The length of the last event.
        broken[broken.length - 3] = 0x7f;
        assertThat(parsed(broken).getEvents().getEventsCount()).isGreaterThan(Limits.APPEND_EVENTS_MAX);
    }

    private static AppendRequest append(int count) {
        return AppendRequest.newBuilder()
                .setTopic("quotes")
                .setEvents(Events.newBuilder()
                        .addAllEvents(Collections.nCopies(
                                count, Event.newBuilder().addTags("").build())))
                .build();
    }

    /** As a server reads it. */
    private static AppendRequest parsed(byte[] bytes) {
        ServerServiceDefinition service = SlicingMarshaller.requests(new LogGrpc.LogImplBase() {}.bindService());
        return (AppendRequest) service.getMethod(LogGrpc.getAppendMethod().getFullMethodName())
                .getMethodDescriptor()
                .parseRequest(new ByteArrayInputStream(bytes));
    }

    @Test
    void onlyTheAnswersChange() {
        assertThat(READ.getFullMethodName()).isEqualTo(LogGrpc.getReadMethod().getFullMethodName());
        assertThat(READ.getRequestMarshaller()).isSameAs(LogGrpc.getReadMethod().getRequestMarshaller());
    }
}
