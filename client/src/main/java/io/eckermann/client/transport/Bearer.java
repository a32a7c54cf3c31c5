package io.eckermann.client.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Shows credentials with every call. Thread safe. */
final class Bearer implements ClientInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern LOOPBACK =
            Pattern.compile("(localhost|127\\.[0-9.]+|\\[::1]):[0-9]+", Pattern.CASE_INSENSITIVE);

    private final Supplier<String> shown;

    Bearer(Supplier<String> shown) {
        this.shown = shown;
    }

    /** Whether what is sent there, a host:port, stays on this machine; names are not resolved. */
    static boolean staysHere(String address) {
        return LOOPBACK.matcher(address).matches();
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                String now = shown.get();
                headers.put(AUTHORIZATION, "Bearer " + now);
                super.start(method.getType() == MethodType.UNARY ? listener : new Stream<>(listener, now), headers);
            }
        };
    }

    /**
     * A stream lives longer than what it was opened with, a token that expires or a key that is revoked. When others are
     * shown by then it is not refused but over, and is opened again with these.
     */
    private final class Stream<A> extends SimpleForwardingClientCallListener<A> {
        private final String openedWith;

        Stream(ClientCall.Listener<A> listener, String openedWith) {
            super(listener);
            this.openedWith = openedWith;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.getCode() == Status.Code.UNAUTHENTICATED && othersAreShownNow()) {
                super.onClose(Status.UNAVAILABLE.withDescription("credentials were replaced"), new Metadata());
            } else {
                super.onClose(status, trailers);
            }
        }

        private boolean othersAreShownNow() {
            try {
                return !shown.get().equals(openedWith);
            } catch (RuntimeException e) {
                // There are none at the moment, so the node's answer stands.
                return false;
            }
        }
    }
}
