package io.eckermann.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.Answers;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Readers that stop reading, over real sockets. */
class StuckReadersTest {
    private static final int STUCK = 5;
    private static final int APPENDS = 40;
    /** One that the transport takes at once, as it fits into the window; and one that waits in it for room. */
    private static final int PAGES_OF_ONE = 2;

    private LogDoor door;

    @BeforeEach
    void start() throws IOException {
        door = new LogDoor();
    }

    @AfterEach
    void stop() throws InterruptedException {
        door.close();
    }

    @Test
    void aReaderThatNeverReadsHoldsLittleAndBlocksNobody() {
        long left = filled("left");
        filled("orders");
        List<StuckReader> stuck = new ArrayList<>();
        for (int i = 0; i < STUCK; i++) {
            StuckReader reader = new StuckReader();
            LogGrpc.newStub(door.channel).read(chunks("left"), reader);
            stuck.add(reader);
        }
        Answers.await(() -> stuck.stream().allMatch(reader -> reader.frames.get() == 1));
        Answers.await(() -> door.memory.pagesOf(left) >= STUCK * PAGES_OF_ONE);
        // Others go on over the same connection, all the way, and appends too.
        for (int round = 0; round < 2; round++) {
            long events = 0;
            Iterator<ReadFrame> frames = door.log().read(chunks("orders"));
            while (frames.hasNext()) {
                events += frames.next().getChunks().getChunksList().stream()
                        .mapToInt(slice -> slice.getTake())
                        .sum();
            }
            assertThat(events).isEqualTo(APPENDS);
        }
        assertThat(door.log().append(LogDoor.append("left", 1)).getFirst()).isEqualTo(APPENDS + 1);
        assertThat(door.memory.pagesOf(left)).as("of %s", STUCK * APPENDS).isEqualTo(STUCK * PAGES_OF_ONE);
        assertThat(stuck).allMatch(reader -> reader.frames.get() == 1);
        stuck.forEach(StuckReader::cancel);
    }

    /** A topic whose every append is a page by itself. */
    private long filled(String topic) {
        long id = door.memory.newTopic(topic);
        for (int i = 0; i < APPENDS; i++) {
            door.log().append(LogDoor.append(topic, 900_000));
        }
        return id;
    }

    private static ReadRequest chunks(String topic) {
        return ReadRequest.newBuilder()
                .setTopic(topic)
                .setFormat(ReadRequest.Format.CHUNKS)
                .build();
    }
}
