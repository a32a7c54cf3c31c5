package io.eckermann.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.LogGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Credentials of calls, and those that were replaced while a stream was open. */
class BearerTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Node node = new Node();
    private String credentials = "old";

    @Test
    void everyCallShowsWhatIsGoodNow() {
        end(LogGrpc.getReadMethod(), () -> {});
        credentials = "new";
        end(LogGrpc.getReadMethod(), () -> {});

        assertThat(node.shown).containsExactly("Bearer old", "Bearer new");
    }

    @Test
    void streamIsOpenedAgainWhenItsCredentialsWereReplaced() {
        Failure failure = end(LogGrpc.getReadMethod(), () -> credentials = "new");

        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void streamIsRefusedWhenItsCredentialsAreStillShown() {
        assertThat(end(LogGrpc.getReadMethod(), () -> {}).retryable()).isFalse();
    }

    @Test
    void credentialsThatCannotBeReadAreNoOthers() {
        Failure failure = end(LogGrpc.getAppendStreamMethod(), () -> credentials = "");

        assertThat(failure.retryable()).isFalse();
    }

    /** What a node said of one request is exact: it was not done. */
    @Test
    void answerToOneRequestStandsAlsoWhenItsCredentialsWereReplaced() {
        Failure failure = end(LogGrpc.getGetHeadMethod(), () -> credentials = "new");

        assertThat(failure.is(ErrorCode.INTERNAL)).isTrue();
        assertThat(failure.retryable()).isFalse();
    }

    /** Makes a call that the node ends as not authenticated. */
    private <Q, A> Failure end(MethodDescriptor<Q, A> method, Runnable meanwhile) {
        Bearer bearer = new Bearer(() -> {
            if (credentials.isEmpty()) {
                throw new IllegalArgumentException("none");
            }
            return credentials;
        });
        AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
        bearer.interceptCall(method, CallOptions.DEFAULT, node)
                .start(
                        new ClientCall.Listener<>() {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                failure.set(Failure.of(status.asRuntimeException(trailers)));
                            }
                        },
                        new Metadata());
        meanwhile.run();
        node.refuse();
        return Objects.requireNonNull(failure.get());
    }

    /** Notes what it is shown, and refuses the call. */
    private static final class Node extends Channel {
        private final List<String> shown = new ArrayList<>();
        private Runnable refusal = () -> {};

        void refuse() {
            refusal.run();
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            return new ClientCall<>() {
                @Override
                public void start(Listener<A> listener, Metadata headers) {
                    shown.add(headers.get(AUTHORIZATION));
                    refusal = () -> listener.onClose(Status.UNAUTHENTICATED, new Metadata());
                }

                @Override
                public void request(int messages) {}

                @Override
                public void cancel(@Nullable String message, @Nullable Throwable cause) {}

                @Override
                public void halfClose() {}

                @Override
                public void sendMessage(Q message) {}
            };
        }

        @Override
        public String authority() {
            return "node";
        }
    }
}
