package io.eckermann.client.transport;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.v1.ReadFrame;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads frames with one copy: chunks share the array that the message was read into. Stateless. */
final class FrameMarshaller implements MethodDescriptor.Marshaller<ReadFrame> {
    private static final MethodDescriptor.Marshaller<ReadFrame> USUAL =
            ProtoUtils.marshaller(ReadFrame.getDefaultInstance());

    @Override
    public InputStream stream(ReadFrame frame) {
        return USUAL.stream(frame);
    }

    @Override
    public ReadFrame parse(InputStream stream) {
        try {
            byte[] bytes = bytes(stream);
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            in.enableAliasing(true);
            ReadFrame frame = ReadFrame.parseFrom(in);
            in.checkLastTagWas(0);
            return frame;
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("The node sent a frame that is none.")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private static byte[] bytes(InputStream stream) throws IOException {
        if (!(stream instanceof KnownLength)) {
            return stream.readAllBytes();
        }
        // The length is known for what came over the network: no growing array, no second copy.
        byte[] bytes = new byte[stream.available()];
        if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new EOFException("a frame ended early");
        }
        return bytes;
    }
}
