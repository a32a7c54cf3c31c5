package io.eckermann.protocol.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.v1.AppendManyRequest;
import io.eckermann.protocol.v1.AppendRequest;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message with one copy: from the transport's buffers into an array of its own, of which all byte fields are
 * slices. gRPC's own marshaller copies them once more. Out it goes as with gRPC's own, whose streams write byte fields
 * straight into the transport's buffers.
 */
public final class SlicingMarshaller<T> implements PrototypeMarshaller<T> {
    private final PrototypeMarshaller<T> outgoing;
    private final MessageLite prototype;

    private SlicingMarshaller(PrototypeMarshaller<T> outgoing, MessageLite prototype) {
        this.outgoing = outgoing;
        this.prototype = prototype;
    }

    /** The method with answers that are read with one copy, for a client. */
    public static <Q, R> MethodDescriptor<Q, R> answers(MethodDescriptor<Q, R> method) {
        return method.toBuilder(method.getRequestMarshaller(), slicing(method.getResponseMarshaller()))
                .build();
    }

    /** The service with requests that are read with one copy, for a server. */
    public static ServerServiceDefinition requests(ServerServiceDefinition service) {
        ServiceDescriptor stock = service.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(stock.getName()).setSchemaDescriptor(stock.getSchemaDescriptor());
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            ServerMethodDefinition<?, ?> changed = requests(method);
            descriptor.addMethod(changed.getMethodDescriptor());
            methods.add(changed);
        }
        ServerServiceDefinition.Builder slicing = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(slicing::addMethod);
        return slicing.build();
    }

    private static <Q, R> ServerMethodDefinition<Q, R> requests(ServerMethodDefinition<Q, R> method) {
        MethodDescriptor<Q, R> stock = method.getMethodDescriptor();
        return ServerMethodDefinition.create(
                stock.toBuilder(slicing(stock.getRequestMarshaller()), stock.getResponseMarshaller())
                        .build(),
                method.getServerCallHandler());
    }

    private static <T> Marshaller<T> slicing(Marshaller<T> stock) {
        return stock instanceof PrototypeMarshaller<T> typed
                        && typed.getMessagePrototype() instanceof MessageLite prototype
                ? new SlicingMarshaller<>(typed, prototype)
                : stock;
    }

    @Override
    public Class<T> getMessageClass() {
        return outgoing.getMessageClass();
    }

    @Override
    public T getMessagePrototype() {
        return outgoing.getMessagePrototype();
    }

    @Override
    public InputStream stream(T value) {
        return outgoing.stream(value);
    }

    @Override
    public T parse(InputStream stream) {
        try {
            byte[] array = wholeOf(stream);
            MessageLite refused = refused(array);
            if (refused != null) {
                return getMessageClass().cast(refused);
            }
            // Only an immutable ByteString lets its fields be slices.
            ByteString bytes = UnsafeByteOperations.unsafeWrap(array);
            CodedInputStream in = bytes.newCodedInput();
            in.enableAliasing(true);
            MessageLite message = prototype.getParserForType().parseFrom(in);
            in.checkLastTagWas(0);
            return getMessageClass().cast(message);
        } catch (InvalidProtocolBufferException e) {
            throw Status.INTERNAL
                    .withDescription("Invalid protobuf byte sequence")
                    .withCause(e)
                    .asRuntimeException();
        } catch (IOException e) {
            throw new UncheckedIOException("a message in memory does not fail to be read", e);
        }
    }

    /** What to take in place of a message that would be too much in memory; null when it would not. */
    private @Nullable MessageLite refused(byte[] array) {
        if (prototype instanceof AppendRequest) {
            return EventCount.refused(array);
        }
        return prototype instanceof AppendManyRequest ? EventCount.refusedMany(array) : null;
    }

    private static byte[] wholeOf(InputStream stream) throws IOException {
        if (!(stream instanceof KnownLength)) {
            return stream.readAllBytes();
        }
        byte[] bytes = new byte[stream.available()];
        int read = stream.readNBytes(bytes, 0, bytes.length);
        return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    }
}
