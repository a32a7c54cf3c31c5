package io.eckermann.statemachine.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Entries of a log, and operations and results between nodes, of any bytes. */
class CommandsFuzzTest {
    private record Body(int ordinal, ByteString bytes) {}

    @FuzzTest
    void anEntryIsReadOrRefusedAndItsBodiesAreWhereASkimFindsThem(byte[] data) {
        ByteString entry = ByteString.copyFrom(data);
        List<Body> skimmed = new ArrayList<>();
        boolean skims = skim(entry, skimmed);
        try {
            Command command = CommandCodec.decode(entry);
            assertThat(skims).as("what is decoded can be skimmed").isTrue();
            for (Body body : last(skimmed)) {
                assertThat(command.steps().get(body.ordinal()).body()).isEqualTo(body.bytes());
            }
        } catch (UnreadableCommandException e) {
            assertThat(e).hasMessageMatching("(?s).+\\.");
        }
    }

    private static boolean skim(ByteString entry, List<Body> bodies) {
        try {
            CommandCodec.bodies(
                    entry.newCodedInput(),
                    (ordinal, position, length) ->
                            bodies.add(new Body(ordinal, entry.substring(position, position + length))));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Of a field that comes twice the last counts. */
    private static List<Body> last(List<Body> bodies) {
        List<Body> last = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            if (i + 1 == bodies.size()
                    || bodies.get(i + 1).ordinal() != bodies.get(i).ordinal()) {
                last.add(bodies.get(i));
            }
        }
        return last;
    }

    @FuzzTest
    void anOperationThatIsReadIsHandedOnAsItIs(byte[] data) {
        try {
            Operation operation = CommandCodec.decodeOperation(ByteString.copyFrom(data));
            assertThat(CommandCodec.decodeOperation(CommandCodec.encode(operation)))
                    .isEqualTo(operation);
            CommandBuilder builder = new CommandBuilder();
            builder.add(operation);
            assertThat(CommandCodec.decode(builder.build(7).bytes()).steps()).hasSize(1);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
        } catch (UnreadableCommandException e) {
            throw new AssertionError("what a node took from another can't be read from the log", e);
        }
    }

    @FuzzTest
    void aResultThatIsReadIsHandedOnAsItIs(byte[] data) {
        try {
            Result result = CommandCodec.decodeResult(ByteString.copyFrom(data));
            assertThat(CommandCodec.decodeResult(CommandCodec.encode(result))).isEqualTo(result);
        } catch (StoreException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL);
        }
    }
}
