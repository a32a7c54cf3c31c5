package io.eckermann.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import org.jspecify.annotations.Nullable;

/** Requests that come as bytes: the door's own reading of them against the library's. */
class MessagesFuzzTest {
    private static final BindableService NOBODY = new LogGrpc.LogImplBase() {};

    @FuzzTest
    void anAppendIsReadAsTheLibraryReadsIt(byte[] data) {
        AppendRequest read = read(LogGrpc.getAppendMethod(), data);
        try {
            AppendRequest expected = AppendRequest.parseFrom(data);
            if (expected.getEvents().getEventsCount() <= Limits.APPEND_EVENTS_MAX) {
                assertThat(read).isEqualTo(expected);
            }
        } catch (InvalidProtocolBufferException noMessage) {
            assertThat(read == null || isRefusedForItsEvents(read)).isTrue();
        }
    }

    private static boolean isRefusedForItsEvents(AppendRequest request) {
        return request.getEvents().getEventsCount() > Limits.APPEND_EVENTS_MAX;
    }

    @FuzzTest
    void anAppendToManyIsReadAsTheLibraryReadsIt(byte[] data) {
        AppendManyRequest read = read(LogGrpc.getAppendManyMethod(), data);
        try {
            AppendManyRequest expected = AppendManyRequest.parseFrom(data);
            if (!isRefusedForItsSize(expected)) {
                assertThat(read).isEqualTo(expected);
            }
        } catch (InvalidProtocolBufferException noMessage) {
            assertThat(read == null || isRefusedForItsSize(read)).isTrue();
        }
    }

    private static boolean isRefusedForItsSize(AppendManyRequest request) {
        return request.getAppendsCount() > Limits.APPEND_TOPICS_MAX
                || request.getCursorsCount() > Limits.APPEND_TOPICS_MAX
                || request.getAppendsList().stream()
                                .mapToLong(append -> append.getEvents().getEventsCount())
                                .sum()
                        > Limits.APPEND_EVENTS_MAX;
    }

    /** As the door does; null when it refuses. */
    private static <Q, R> @Nullable Q read(MethodDescriptor<Q, R> method, byte[] data) {
        MethodDescriptor<?, ?> slicing = SlicingMarshaller.requests(NOBODY.bindService())
                .getMethod(method.getFullMethodName())
                .getMethodDescriptor();
        try {
            @SuppressWarnings("unchecked") // It is the same method with another marshaller.
            Q request = (Q) slicing.getRequestMarshaller().parse(new ByteArrayInputStream(data));
            return request;
        } catch (StatusRuntimeException e) {
            return null;
        }
    }
}
