package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.AppendResult;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Events;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As {@link AbuseTest}, within calls of gRPC that are in order by themselves: messages that are none, and streams that do not
 * end.
 */
final class AbusedCallsTest {
    private static final int TIMES = Integer.getInteger("abuse.times", 1);
    private static final String APPEND_STREAM = "/eckermann.v1.Log/AppendStream";
    /** Their messages begin with a name. */
    private static final List<String> NAMED = List.of(
            "Log/Append",
            "Log/AppendStream",
            "Log/GetHead",
            "Log/Read",
            "Topics/CreateTopic",
            "Cursors/CommitCursor",
            "Groups/Settle",
            "Webhooks/CreateWebhook",
            "Access/SetRules");

    private static final byte NAME = 1 << 3 | 2;
    private static final byte BEGIN_OF_GROUP = 15 << 3 | 3;

    @TempDir
    static Path directory;

    private static AbusedNode node;

    @BeforeAll
    static void start() throws Exception {
        node = new AbusedNode(directory);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @BeforeEach
    void measure() throws Exception {
        node.measure();
    }

    @AfterEach
    void isAsBefore() throws Exception {
        node.assertIsAsBefore();
    }

    @Test
    void messagesThatAreNoneOrDeepOrHoldNoUtf8AreRefused() {
        byte[] deep = new byte[1_000_000];
        Arrays.fill(deep, BEGIN_OF_GROUP);
        byte[] endlessNumber = new byte[100];
        Arrays.fill(endlessNumber, (byte) 0xff);
        for (String method : NAMED) {
            refused(method, deep);
            refused(method, endlessNumber);
            refused(method, new byte[] {NAME, 2, (byte) 0xc3, '('});
            refused(method, new byte[] {NAME, 3, (byte) 0xed, (byte) 0xa0, (byte) 0x80});
            refused(method, new byte[] {NAME, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 'a'});
            refused(method, new byte[] {NAME, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 15, 'a'});
            refused(method, new byte[] {0});
            refused(method, "{\"topic\":\"t\"}".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void refused(String method, byte[] message) {
        Status refusal = refusal(method, message);
        assertThat(refusal.getCode())
                .as("%s of %s: %s", method, shown(message), refusal)
                .isIn(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.INVALID_ARGUMENT, Status.Code.CANCELLED);
    }

    private static ByteString shown(byte[] message) {
        return ByteString.copyFrom(message, 0, Math.min(20, message.length));
    }

    /** What a call with the message ends with; OK when it is answered. */
    private static Status refusal(String method, byte[] message) {
        MethodDescriptor<byte[], byte[]> raw = MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("eckermann.v1." + method)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
        CallOptions briefly = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
        StatusRuntimeException refusal = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(node.channel(), raw, briefly, message));
        return refusal == null ? Status.OK : refusal.getStatus();
    }

    /** Messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** By chance some of them are messages. */
    @Test
    void garbageIsAnswered() {
        Random random = new Random(7);
        for (int i = 0; i < 200 * TIMES; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            String method = NAMED.get(random.nextInt(NAMED.size()));
            assertThat(refusal(method, garbage).getCode())
                    .as("%s of %s", method, ByteString.copyFrom(garbage))
                    .isNotIn(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
        }
    }

    /** It sends on whatever the other side has room for. */
    @Test
    void aStreamThatIgnoresTheWindowIsCutOff() throws Exception {
        byte[] part = new byte[1 << 14];
        byte[] announced = ByteBuffer.allocate(5).put((byte) 0).putInt(4 << 20).array();
        for (int i = 0; i < TIMES; i++) {
            try (RawHttp2 attacker =
                    new RawHttp2(node.grpc().host(), node.grpc().port())) {
                attacker.call(1, APPEND_STREAM).frame(RawHttp2.DATA, 0, 1, announced);
                boolean open = true;
                for (int parts = 0; open && parts < 20_000; parts++) {
                    open = attacker.frame(RawHttp2.DATA, 0, 1, part).flush();
                }
                assertThat(open && !attacker.isClosedByPeer())
                        .as("still listens")
                        .isFalse();
            }
        }
    }

    /** It sends as fast as it may, and takes no result. */
    @Test
    void aStreamThatNeverEndsAndReadsNothingIsHeldUp() throws Exception {
        AppendRequest append = AppendRequest.newBuilder()
                .setTopic("none")
                .setEvents(Events.newBuilder()
                        .addEvents(Event.newBuilder().setPayload(ByteString.copyFrom(new byte[1 << 16]))))
                .build();
        for (int i = 0; i < TIMES; i++) {
            Semaphore news = new Semaphore(0);
            ClientCall<AppendRequest, AppendResult> call =
                    node.channel().newCall(LogGrpc.getAppendStreamMethod(), CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onReady() {
                            news.release();
                        }
                    },
                    new Metadata());
            int sent = 0;
            while (sent < 200_000 && (call.isReady() || news.tryAcquire(3, TimeUnit.SECONDS))) {
                if (call.isReady()) {
                    call.sendMessage(append);
                    sent++;
                }
            }
            assertThat(sent).isBetween(1, 199_999);
            node.assertServes();
            node.awaitBounded();
            call.cancel("held up for long enough", null);
        }
    }
}
