package io.eckermann.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import io.eckermann.protocol.v1.Events;
import java.io.IOException;
import java.util.List;

/** Events as the plain body of a chunk, written straight into one array. */
final class EventBody {
    private EventBody() {}

    static ByteString of(List<Event> events) {
        int bytes = 0;
        for (Event event : events) {
            bytes += CodedOutputStream.computeTagSize(Events.EVENTS_FIELD_NUMBER)
                    + CodedOutputStream.computeUInt32SizeNoTag(event.wireBytes())
                    + event.wireBytes();
        }
        byte[] body = new byte[bytes];
        CodedOutputStream out = CodedOutputStream.newInstance(body);
        try {
            for (Event event : events) {
                out.writeTag(Events.EVENTS_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(event.wireBytes());
                event.writeTo(out);
            }
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        out.checkNoSpaceLeft();
        return UnsafeByteOperations.unsafeWrap(body);
    }
}
