package io.eckermann.gateway.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.Answers;
import io.eckermann.gateway.MemoryShard;
import io.eckermann.gateway.Threads;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadFrame.FrameCase;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.statemachine.command.Operation;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every reader is slow here: no time at all is left to them. */
class SlowReadersTest {
    private final MemoryShard memory = new MemoryShard();
    private final Threads threads = new Threads();
    private final ReadHandler impatient = new ReadHandler(
            memory.shard(), threads.reads, threads.reads, threads.timer, Duration.ZERO, Quotas.NONE, new ReadMemory());
    private final long topic = memory.newTopic("orders");

    @AfterEach
    void stop() {
        threads.close();
    }

    @Test
    void aFollowingReaderThatLeavesEventsAloneIsToldHowFarItIsBehind() {
        append(3);
        try (ReadStream stream = open(true)) {
            assertThat(cases(stream, 4))
                    .containsExactly(FrameCase.STARTED, FrameCase.SLOW, FrameCase.EVENTS, FrameCase.CAUGHT_UP);
            append(2);
            ReadFrame told = Answers.of(stream.next()).orElseThrow();
            assertThat(told.getSlow().getBehind()).isEqualTo(2);
            assertThat(told.getSlow().getHead()).isEqualTo(5);
            assertThat(cases(stream, 1)).containsExactly(FrameCase.EVENTS);
        }
    }

    @Test
    void aReadThatEndsByItselfIsNotHurried() {
        append(3);
        try (ReadStream stream = open(false)) {
            assertThat(cases(stream, 3)).containsExactly(FrameCase.STARTED, FrameCase.EVENTS, FrameCase.CAUGHT_UP);
        }
    }

    private ReadStream open(boolean follow) {
        ReadRequest request =
                ReadRequest.newBuilder().setTopic("orders").setFollow(follow).build();
        return Answers.of(impatient.open(request, Answers.LONG));
    }

    private static List<FrameCase> cases(ReadStream stream, int count) {
        return Stream.generate(() -> Answers.of(stream.next()).orElseThrow().getFrameCase())
                .limit(count)
                .toList();
    }

    private void append(int count) {
        EncodedEvents encoded = EventsCodec.encode(Collections.nCopies(count, Event.getDefaultInstance()));
        Answers.of(memory.submit(
                new Operation.Append(topic, count, encoded.getEncoding(), encoded.getCrc32C(), encoded.getBody(), null),
                Answers.LONG));
    }
}
