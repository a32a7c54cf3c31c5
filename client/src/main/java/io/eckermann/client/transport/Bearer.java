package io.eckermann.client.transport;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
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
                headers.put(AUTHORIZATION, "Bearer " + shown.get());
                super.start(listener, headers);
            }
        };
    }
}
