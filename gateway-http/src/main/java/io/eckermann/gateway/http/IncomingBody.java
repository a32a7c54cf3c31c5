package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;

/** A request's head and as much of its body as has come. On its connection's event loop. */
final class IncomingBody {
    private static final int FIRST_BYTES = 4 << 10;

    private final HttpRequest head;
    private final BodyBudget budget;
    private byte[] bytes = {};
    private int length;

    IncomingBody(HttpRequest head, BodyBudget budget) {
        this.head = head;
        this.budget = budget;
    }

    HttpRequest head() {
        return head;
    }

    /** @throws StoreException APPEND_TOO_LARGE or OVERLOADED; then nothing was taken */
    void add(ByteBuf part) {
        int more = part.readableBytes();
        if (more > Limits.HTTP_BODY_BYTES_MAX - length) {
            throw tooLarge();
        }
        if (length + more > bytes.length) {
            grow(Math.min(
                    Limits.HTTP_BODY_BYTES_MAX, Math.max(length + more, Math.max(FIRST_BYTES, 2 * bytes.length))));
        }
        part.readBytes(bytes, length, more);
        length += more;
    }

    ByteString bytes() {
        return UnsafeByteOperations.unsafeWrap(bytes, 0, length);
    }

    /** Gives the memory back; once it is no longer needed. */
    void release() {
        budget.giveBack(bytes.length);
        bytes = new byte[0];
        length = 0;
    }

    static StoreException tooLarge() {
        return new StoreException(ErrorCode.APPEND_TOO_LARGE, "The body is too large: send less at once.")
                .with("max_bytes", Limits.HTTP_BODY_BYTES_MAX);
    }

    private void grow(int capacity) {
        if (!budget.tryTake(capacity - bytes.length)) {
            throw new StoreException(
                    ErrorCode.OVERLOADED, "Too many bytes of requests are on their way into this node; try again.");
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }
}
