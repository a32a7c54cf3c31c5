package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.Answers;
import io.eckermann.gateway.read.ReadMemory;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More readers that take nothing than a node has memory for, over real sockets. */
class CutOffReadersTest {
    private static final int EVENT_BYTES = 900_000;
    private static final int EVENTS = 10;
    private static final int READERS = 12;
    /** Enough for some of them, and for what a reader is sent at once. */
    private static final long BYTES_MAX = 6L * EVENT_BYTES;

    private final ReadMemory untaken = new ReadMemory(BYTES_MAX);
    private LogDoor door;

    @BeforeEach
    void start() throws IOException {
        door = new LogDoor(GrpcDoorConfig.at("127.0.0.1", 0), untaken);
        door.memory.newTopic("orders");
        for (int i = 0; i < EVENTS; i++) {
            door.log().append(LogDoor.append("orders", EVENT_BYTES));
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        door.close();
    }

    @Test
    void readersThatLeaveTooMuchAreCutOffAndGoOnLater() {
        List<StuckReader> stuck = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            StuckReader reader = new StuckReader();
            LogGrpc.newStub(door.channel).read(chunks(), reader);
            stuck.add(reader);
        }
        Answers.await(() -> untaken.cutOff() > 0 && untaken.bytes() <= BYTES_MAX);
        // Who takes what comes is not concerned.
        List<ReadFrame> all = new ArrayList<>();
        door.log().read(chunks()).forEachRemaining(all::add);
        assertThat(all).filteredOn(ReadFrame::hasChunks).hasSize(EVENTS);
        // They learn of it once they have taken what they got.
        stuck.forEach(StuckReader::goOn);
        Answers.await(() -> stuck.stream().allMatch(reader -> reader.ended != null));
        List<StuckReader> whole = stuck.stream()
                .filter(reader -> is(reader.ended, Status.Code.OK))
                .toList();
        long cutOff = stuck.stream()
                .filter(reader -> is(reader.ended, Status.Code.CANCELLED))
                .count();
        assertThat(cutOff).isBetween(1L, untaken.cutOff()).isEqualTo(READERS - whole.size());
        assertThat(whole).allMatch(reader -> reader.frames.get() > EVENTS);
        Answers.await(() -> untaken.bytes() == 0);
    }

    private static boolean is(@Nullable Status ended, Status.Code code) {
        return ended != null && ended.getCode() == code;
    }

    private static ReadRequest chunks() {
        return ReadRequest.newBuilder()
                .setTopic("orders")
                .setFormat(ReadRequest.Format.CHUNKS)
                .build();
    }
}
