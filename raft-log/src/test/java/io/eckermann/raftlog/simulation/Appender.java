package io.eckermann.raftlog.simulation;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.raftlog.simulation.Write.Fate;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operation.ProducerSequence;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Appends to one topic, several times before it has heard of the first, and asks again as far as it can. */
final class Appender implements Client {
    /** How an append is known when it comes again. */
    enum Manner {
        /** By its producer's sequence; a refused one does not take its number. */
        SEQUENCED,
        /** By its sequence, which it takes also when it is refused; under conditions. */
        COUNTED,
        /** By an idempotency key; some under conditions. */
        KEYED,
        /** Not at all, so it is never sent again; some under conditions. */
        PLAIN
    }

    private static final int UNDER_WAY_MAX = 4;
    private static final int EVENTS_MAX = 3;
    private static final int KEYS = 3;

    private final String name;
    private final Manner manner;
    private final long topicId;
    private final Doorway door;
    private final List<Write> writes;
    private final List<Write> own = new ArrayList<>();
    private long head;
    private boolean finishing;

    /** @param writes gets every append, for the end */
    Appender(String name, Manner manner, long topicId, Doorway door, List<Write> writes) {
        this.name = name;
        this.manner = manner;
        this.topicId = topicId;
        this.door = door;
        this.writes = writes;
    }

    @Override
    public void step(Random random) {
        int underWay = 0;
        for (Write write : own) {
            if (write.fate == Fate.TO_SEND) {
                send(write);
                return;
            }
            underWay += write.fate == Fate.UNDER_WAY ? 1 : 0;
        }
        if (underWay < UNDER_WAY_MAX && !finishing) {
            Write write = next(random);
            own.add(write);
            writes.add(write);
            send(write);
        }
    }

    private Write next(Random random) {
        long number = own.size() + 1L;
        List<String> payloads = new ArrayList<>();
        for (int i = random.nextInt(EVENTS_MAX) + 1; i > 0; i--) {
            payloads.add(name + "-" + number + "-" + i);
        }
        boolean conditional = manner != Manner.SEQUENCED && random.nextInt(3) == 0;
        return new Write(
                name,
                number,
                topicId,
                payloads,
                conditional ? OptionalLong.of(Math.max(0, head - random.nextInt(2))) : OptionalLong.empty());
    }

    private void send(Write write) {
        write.fate = Fate.UNDER_WAY;
        door.call(operation(write), answer -> answered(write, answer));
    }

    private Operation.Append operation(Write write) {
        List<Event> events = new ArrayList<>();
        for (String payload : write.payloads) {
            events.add(Event.newBuilder()
                    .setPayload(ByteString.copyFromUtf8(payload))
                    .setKey("k" + Math.floorMod(payload.hashCode(), KEYS))
                    .build());
        }
        EncodedEvents encoded = EventsCodec.encode(events);
        List<Condition> conditions = write.expectedHead.isEmpty()
                ? List.of()
                : List.of(Condition.newBuilder()
                        .setExpectedHead(write.expectedHead.getAsLong())
                        .build());
        Operation.Append append = new Operation.Append(
                topicId,
                encoded.getCount(),
                encoded.getEncoding(),
                encoded.getCrc32C(),
                encoded.getBody(),
                null,
                Particulars.of(List.of(), conditions, request(write, encoded)));
        return switch (manner) {
            case SEQUENCED -> append.by(new ProducerSequence(name, write.number));
            case COUNTED -> append.by(new ProducerSequence(name, write.number, true));
            case KEYED, PLAIN -> append;
        };
    }

    private Particulars.@Nullable Request request(Write write, EncodedEvents encoded) {
        return manner == Manner.KEYED
                ? new Particulars.Request("somebody", name + write.number, encoded.getBody(), 1_000, Long.MAX_VALUE)
                : null;
    }

    private void answered(Write write, Answer answer) {
        if (answer instanceof Answer.Applied applied && applied.result() instanceof Result.Appended appended) {
            head = Math.max(head, appended.head());
            write.accepted(appended);
        } else if (answer instanceof Answer.Applied applied && applied.result() instanceof Result.Refused refused) {
            write.fate = refused(write, refused);
        } else if (answer instanceof Answer.Unknown && manner == Manner.PLAIN) {
            write.fate = Fate.UNKNOWN;
        } else if (answer instanceof Answer.NotDone && manner == Manner.PLAIN) {
            write.fate = Fate.REFUSED;
        } else {
            Violation.unless(!(answer instanceof Answer.Applied), "%s came to %s", write, answer);
            write.fate = Fate.TO_SEND;
        }
    }

    private Fate refused(Write write, Result.Refused refused) {
        if (refused.code() == ErrorCode.SEQUENCE_GAP && (manner == Manner.SEQUENCED || manner == Manner.COUNTED)) {
            return Fate.TO_SEND;
        }
        boolean mayBe = refused.code() == ErrorCode.CONDITION_FAILED && write.expectedHead.isPresent();
        Violation.unless(mayBe, "%s was refused with %s", write, refused);
        return Fate.REFUSED;
    }

    @Override
    public void finish() {
        finishing = true;
    }

    @Override
    public boolean isDone() {
        return own.stream().noneMatch(write -> write.fate == Fate.TO_SEND || write.fate == Fate.UNDER_WAY);
    }
}
