package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.log.v1.LogFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The durable format of commands (command.proto), and the form in which operations and results travel between nodes. */
public final class CommandCodec {
    /** Bodies are PLAIN. */
    static final int FORMAT_PLAIN = 1;
    /** Bodies may be compressed. */
    static final int FORMAT_COMPRESSED = 2;
    /** Appends may have particulars, and events may be removed. */
    static final int FORMAT_EXTENDED = 3;
    /**
     * Keys may be compacted, events be taken out of the index, one append be to several topics and move cursors, ids be
     * unique, business times be indexed, refusals take sequences, and states be marked. The newest format this version reads.
     */
    public static final int FORMAT_NEWEST = 4;
    /** Of the first release: commands of it, and of those before, every node reads. On a later one the cluster agrees first. */
    public static final int FORMAT_FIRST = 4;

    private static final int OPERATION_TAG = lengthDelimited(LogFormat.Command.OPERATIONS_FIELD_NUMBER);
    private static final Set<Integer> COMMAND_TAGS = tags(LogFormat.Command.getDescriptor());
    private static final Set<Integer> OPERATION_TAGS = tags(LogFormat.Operation.getDescriptor());
    /** By the tags of the operations that have a body. */
    private static final Map<Integer, Bodied> BODIED = Map.of(
            lengthDelimited(LogFormat.Operation.APPEND_FIELD_NUMBER),
            new Bodied(LogFormat.AppendRun.BODY_FIELD_NUMBER, LogFormat.AppendRun.getDescriptor()),
            lengthDelimited(LogFormat.Operation.REPLACE_BODY_FIELD_NUMBER),
            new Bodied(LogFormat.ReplaceBody.BODY_FIELD_NUMBER, LogFormat.ReplaceBody.getDescriptor()),
            lengthDelimited(LogFormat.Operation.APPEND_MANY_FIELD_NUMBER),
            new Bodied(LogFormat.AppendMany.BODY_FIELD_NUMBER, LogFormat.AppendMany.getDescriptor()));

    /** The fields of an operation that has a body. */
    private record Bodied(int bodyTag, Set<Integer> tags) {
        Bodied(int bodyField, Descriptors.Descriptor message) {
            this(lengthDelimited(bodyField), CommandCodec.tags(message));
        }
    }

    private CommandCodec() {}

    /** The format that a reader of a command with this operation must know. */
    public static int formatOf(Operation operation) {
        CommandBuilder alone = new CommandBuilder();
        int unused = alone.add(operation);
        return alone.format();
    }

    /**
     * Decodes a Raft entry; bodies stay slices of it.
     *
     * @throws UnreadableCommandException when this version cannot know what the writer meant: the node must stop
     */
    public static Command decode(ByteString entry) throws UnreadableCommandException {
        LogFormat.Command message;
        try {
            message = LogFormat.Command.parseFrom(aliasing(entry));
        } catch (IOException e) {
            throw new UnreadableCommandException("The entry is not a command.", e);
        }
        if (message.getFormat() < FORMAT_PLAIN || message.getFormat() > FORMAT_NEWEST) {
            throw new UnreadableCommandException("The command needs format "
                    + Integer.toUnsignedString(message.getFormat()) + ", this version knows up to " + FORMAT_NEWEST
                    + ".");
        }
        OperationFormat.known(message);
        List<Step> steps = new ArrayList<>(message.getOperationsCount());
        for (LogFormat.Operation operation : message.getOperationsList()) {
            steps.add(OperationFormat.decode(operation));
        }
        return new Command(message.getLeaderTimeNs(), List.copyOf(steps));
    }

    /** Is shown where bodies are. */
    public interface BodyVisitor {
        /**
         * One body.
         *
         * @param ordinal which of the command's steps it belongs to, from 0
         * @param position of its first byte, as the stream counts
         */
        void body(int ordinal, int position, int length) throws IOException;
    }

    /**
     * Finds the bodies in an encoded command without decoding it. They are skipped, so a stream from a file need not read
     * them.
     *
     * @param command read up to its limit
     * @throws IOException when the bytes are no command, or the visitor throws it
     */
    public static void bodies(CodedInputStream command, BodyVisitor visitor) throws IOException {
        int ordinal = 0;
        for (int tag = command.readTag(); tag != 0; tag = command.readTag()) {
            if (tag == OPERATION_TAG) {
                int end = command.pushLimit(command.readRawVarint32());
                bodyOfOperation(command, ordinal++, visitor);
                command.popLimit(end);
            } else {
                skip(command, tag, COMMAND_TAGS);
            }
        }
    }

    private static void bodyOfOperation(CodedInputStream in, int ordinal, BodyVisitor visitor) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Bodied bodied = BODIED.get(tag);
            if (bodied != null) {
                int end = in.pushLimit(in.readRawVarint32());
                body(in, ordinal, bodied, visitor);
                in.popLimit(end);
            } else {
                skip(in, tag, OPERATION_TAGS);
            }
        }
    }

    private static void body(CodedInputStream in, int ordinal, Bodied bodied, BodyVisitor visitor) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == bodied.bodyTag()) {
                int length = in.readRawVarint32();
                int position = in.getTotalBytesRead();
                in.skipRawBytes(length);
                visitor.body(ordinal, position, length);
            } else {
                skip(in, tag, bodied.tags());
            }
        }
    }

    /** What {@link #decode} would not know is refused here, too: a damaged tag must not move the ordinals. */
    private static void skip(CodedInputStream in, int tag, Set<Integer> known) throws IOException {
        if (!known.contains(tag)) {
            throw new InvalidProtocolBufferException("a command has no field with the tag " + tag + " there");
        }
        in.skipField(tag);
    }

    private static Set<Integer> tags(Descriptors.Descriptor message) {
        return message.getFields().stream()
                .map(field -> field.getNumber() << 3 | field.getLiteType().getWireType())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static int lengthDelimited(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    /** Encodes one operation, to hand it on to the leader. */
    public static ByteString encode(Operation operation) {
        return OperationFormat.encode(operation).toByteString();
    }

    /** Decodes what {@link #encode(Operation)} made; malformed bytes are a StoreException BAD_REQUEST. */
    public static Operation decodeOperation(ByteString bytes) {
        try {
            Step step = OperationFormat.decode(LogFormat.Operation.parseFrom(aliasing(bytes)));
            if (step instanceof Single single) {
                return single.operation();
            }
            if (step instanceof AppendRun run && run.parts().size() == 1 && run.wholeCrc32c() == null) {
                AppendRun.Part part = run.parts().get(0);
                return new Operation.Append(
                        run.topicId(),
                        part.count(),
                        run.encoding(),
                        part.crc32c(),
                        run.body(),
                        part.producer(),
                        part.particulars());
            }
            throw new UnreadableCommandException("An operation that is handed on is one append.");
        } catch (IOException | UnreadableCommandException e) {
            throw new StoreException(
                    ErrorCode.BAD_REQUEST, "The operation cannot be read: do all nodes run the same version?", e);
        }
    }

    /** Encodes a result, to send it back to the node that took the request. */
    public static ByteString encode(Result result) {
        return ResultFormat.encode(result).toByteString();
    }

    /** Decodes what {@link #encode(Result)} made; malformed bytes are a StoreException INTERNAL. */
    public static Result decodeResult(ByteString bytes) {
        try {
            return ResultFormat.decode(LogFormat.Result.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new StoreException(
                    ErrorCode.INTERNAL, "The leader's result cannot be read: do all nodes run the same version?", e);
        }
    }

    private static CodedInputStream aliasing(ByteString bytes) {
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        return in;
    }
}
