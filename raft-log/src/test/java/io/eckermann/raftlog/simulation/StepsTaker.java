package io.eckermann.raftlog.simulation;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventsCodec;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.protocol.v1.Event;
import io.eckermann.raftlog.simulation.Write.Fate;
import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.TopicAppend;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/**
 * Appends to all topics at once and moves a cursor of the first by one, all or none, under an idempotency key. Nobody else moves
 * the cursor, so that it tells how many of these were done.
 */
final class StepsTaker implements Client {
    private final String name;
    private final List<Long> topics;
    private final Doorway door;
    private final List<Write> writes;
    /** Of the step that is under way. */
    private List<Write> step = List.of();

    private long done;
    private long steps;
    private boolean finishing;

    StepsTaker(String name, List<Long> topics, Doorway door, List<Write> writes) {
        this.name = name;
        this.topics = topics;
        this.door = door;
        this.writes = writes;
    }

    /** Where its cursor must be. */
    long done() {
        return done;
    }

    String consumer() {
        return name;
    }

    @Override
    public void step(Random random) {
        if (isDone() && !finishing) {
            steps++;
            step = topics.stream()
                    .map(topic -> new Write(
                            name, steps, topic, List.of(name + "-" + topic + "-" + steps), OptionalLong.empty()))
                    .toList();
            writes.addAll(step);
        }
        if (!step.isEmpty() && step.get(0).fate == Fate.TO_SEND) {
            List<Write> sent = step;
            sent.forEach(write -> write.fate = Fate.UNDER_WAY);
            door.call(operation(), answer -> answered(sent, answer));
        }
    }

    private Operation operation() {
        List<TopicAppend> appends = new ArrayList<>();
        ByteString bodies = ByteString.EMPTY;
        for (Write write : step) {
            EncodedEvents encoded = EventsCodec.encode(List.of(Event.newBuilder()
                    .setPayload(ByteString.copyFromUtf8(write.payloads.get(0)))
                    .build()));
            appends.add(new TopicAppend(
                    write.topicId,
                    encoded.getEncoding(),
                    new AppendRun.Part(1, encoded.getBody().size(), encoded.getCrc32C(), null, Particulars.NONE)));
            bodies = bodies.concat(encoded.getBody());
        }
        Operation.CommitCursor cursor =
                new Operation.CommitCursor(topics.get(0), name, done + 1, OptionalLong.of(done), false);
        return new Operation.AppendMany(
                appends,
                List.of(cursor),
                bodies,
                new Particulars.Request("somebody", name + steps, bodies, 1_000, Long.MAX_VALUE));
    }

    private void answered(List<Write> sent, Answer answer) {
        if (answer instanceof Answer.Applied applied && applied.result() instanceof Result.AppendedMany many) {
            for (int i = 0; i < sent.size(); i++) {
                sent.get(i).accepted(many.appends().get(i));
            }
            done++;
        } else if (answer instanceof Answer.Applied applied && applied.result() instanceof Result.Refused refused) {
            // Judged before the appends: an empty topic has no place for a cursor yet.
            Violation.unless(refused.code() == ErrorCode.CURSOR_BEYOND_HEAD, "a step was refused with %s", refused);
            sent.forEach(write -> write.fate = Fate.REFUSED);
        } else {
            Violation.unless(!(answer instanceof Answer.Applied), "a step came to %s", answer);
            sent.forEach(write -> write.fate = Fate.TO_SEND);
        }
    }

    @Override
    public void finish() {
        finishing = true;
    }

    @Override
    public boolean isDone() {
        return step.isEmpty() || step.get(0).fate == Fate.ACCEPTED || step.get(0).fate == Fate.REFUSED;
    }
}
