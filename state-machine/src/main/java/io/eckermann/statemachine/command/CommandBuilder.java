package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.v1.Encoding;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one command from many operations: appends to one topic are laid side by side, whatever came between them.
 * Only a deletion of the topic, an append to several topics of which it is one, or another encoding begins a new run, so
 * the appends to one topic keep their order. A
 * run of PLAIN appends is compressed as one when that pays. Used by one thread at a time.
 */
public final class CommandBuilder {
    private static final int COMMAND_OVERHEAD_BYTES = 32;

    private final @Nullable RunCompression compression;
    private final List<Lane> lanes = new ArrayList<>();
    private final Map<Long, Run> openRuns = new HashMap<>();
    private final List<Place> places = new ArrayList<>();
    private int sizeBytes = COMMAND_OVERHEAD_BYTES;

    /** Leaves bodies as they are. */
    public CommandBuilder() {
        this.compression = null;
    }

    /** @param compression what is known of the topics' runs so far; belongs to this until the command is built */
    public CommandBuilder(RunCompression compression) {
        this.compression = compression;
    }

    /** Adds an operation; returns its number, from 0, which {@link Built#slots} maps to its result. */
    public int add(Operation operation) {
        if (operation instanceof Operation.Append append) {
            Run run = openRun(append);
            places.add(new Place(run, run.parts.size()));
            run.add(append);
        } else {
            if (operation instanceof Operation.DeleteTopic delete) {
                openRuns.remove(delete.topicId());
            } else if (operation instanceof Operation.AppendMany many) {
                many.appends().forEach(append -> openRuns.remove(append.topicId()));
            }
            Lane lane = new Alone(operation);
            lanes.add(lane);
            places.add(new Place(lane, 0));
        }
        sizeBytes += operation.sizeBytes();
        return places.size() - 1;
    }

    /** Roughly the bytes of the command so far. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** How many operations were added. */
    public int operations() {
        return places.size();
    }

    /** Which format a reader of the command so far must know. */
    int format() {
        return lanes.stream()
                .mapToInt(lane -> lane.format(lane.toMessage()))
                .max()
                .orElse(CommandCodec.FORMAT_PLAIN);
    }

    /** Encodes the command. */
    public Built build(long leaderTimeNs) {
        LogFormat.Command.Builder command = LogFormat.Command.newBuilder()
                .setFormat(CommandCodec.FORMAT_PLAIN)
                .setLeaderTimeNs(leaderTimeNs);
        int slot = 0;
        for (Lane lane : lanes) {
            lane.firstSlot = slot;
            slot += lane.results();
            LogFormat.Operation operation = lane.toMessage();
            command.addOperations(operation);
            // Only what needs it: what older versions can read goes on being readable for them.
            command.setFormat(Math.max(command.getFormat(), lane.format(operation)));
        }
        List<Integer> slots = new ArrayList<>(places.size());
        for (Place place : places) {
            slots.add(place.lane.firstSlot + place.index);
        }
        return new Built(UnsafeByteOperations.unsafeWrap(command.build().toByteArray()), slots);
    }

    private Run openRun(Operation.Append append) {
        Run open = openRuns.get(append.topicId());
        if (open == null || open.first.encoding() != append.encoding()) {
            open = new Run(append);
            lanes.add(open);
            openRuns.put(append.topicId(), open);
        }
        return open;
    }

    /**
     * An encoded command.
     *
     * @param bytes one contiguous array, for the Raft entry
     * @param slots for each operation in the order added, the place of its result in the list that apply returns
     */
    public record Built(ByteString bytes, List<Integer> slots) {}

    private record Place(Lane lane, int index) {}

    /** A step of the command in the making. */
    private abstract static class Lane {
        int firstSlot;

        abstract int results();

        abstract LogFormat.Operation toMessage();

        /** Which format a reader must know. */
        abstract int format(LogFormat.Operation message);
    }

    private static final class Alone extends Lane {
        final Operation operation;

        Alone(Operation operation) {
            this.operation = operation;
        }

        @Override
        int results() {
            return 1;
        }

        @Override
        LogFormat.Operation toMessage() {
            return OperationFormat.encode(operation);
        }

        @Override
        int format(LogFormat.Operation message) {
            return OperationFormat.format(message);
        }
    }

    private final class Run extends Lane {
        final Operation.Append first;
        final List<LogFormat.AppendPart> parts = new ArrayList<>();
        final List<ByteString> bodies = new ArrayList<>();
        boolean hasParticulars;
        boolean hasConditions;
        boolean hasNewest;

        Run(Operation.Append first) {
            this.first = first;
        }

        void add(Operation.Append append) {
            parts.add(OperationFormat.part(append));
            bodies.add(append.body());
            hasParticulars |= !append.particulars().isNone();
            hasNewest |= ParticularsFormat.isNewest(append.particulars())
                    || (append.producer() != null && append.producer().refusalsCount());
            hasConditions |= !append.particulars().conditions().isEmpty();
        }

        @Override
        int results() {
            return parts.size();
        }

        @Override
        LogFormat.Operation toMessage() {
            ByteString body = ByteString.copyFrom(bodies);
            // What is refused for a condition would go on taking part of what is compressed as one.
            if (compression != null && first.encoding() == Encoding.PLAIN && !hasConditions) {
                ByteString whole = compression.tryCompress(first.topicId(), body);
                if (whole != null) {
                    return OperationFormat.whole(first.topicId(), compression.encoding(), parts, whole);
                }
            }
            return OperationFormat.run(first.topicId(), first.encoding(), parts, body);
        }

        @Override
        int format(LogFormat.Operation message) {
            if (hasNewest) {
                return CommandCodec.FORMAT_NEWEST;
            }
            if (hasParticulars) {
                return CommandCodec.FORMAT_EXTENDED;
            }
            return message.getAppend().getEncoding() == Encoding.PLAIN
                    ? CommandCodec.FORMAT_PLAIN
                    : CommandCodec.FORMAT_COMPRESSED;
        }
    }
}
