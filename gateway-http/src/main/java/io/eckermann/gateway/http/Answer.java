package io.eckermann.gateway.http;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.gateway.read.ReadStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the client: whole, or frame by frame. */
sealed interface Answer permits Answer.Whole, Answer.Flow {
    String JSON = "application/json";
    String NDJSON = "application/x-ndjson";
    String SSE = "text/event-stream";
    String PROBLEM = "application/problem+json";
    String TEXT = "text/plain; charset=utf-8";

    int status();

    Map<String, String> headers();

    /** Whether the connection ends with this answer. */
    boolean last();

    /** The same with more headers. */
    Answer withAll(Map<String, String> more);

    /** A body that is there already. */
    record Whole(int status, Map<String, String> headers, ByteString body, boolean last) implements Answer {
        Whole with(String name, String value) {
            return withAll(Map.of(name, value));
        }

        @Override
        public Whole withAll(Map<String, String> more) {
            return new Whole(status, union(headers, more), body, last);
        }

        Whole closing() {
            return new Whole(status, headers, body, true);
        }
    }

    /**
     * A body that is pulled from a read, whose first frame was taken and told in the headers.
     *
     * @param backward whether the read goes backward, so that a chunk's events are shown last first
     */
    record Flow(Map<String, String> headers, ReadStream stream, StreamFormat format, boolean backward)
            implements Answer {
        @Override
        public int status() {
            return 200;
        }

        @Override
        public boolean last() {
            return false;
        }

        @Override
        public Flow withAll(Map<String, String> more) {
            return new Flow(union(headers, more), stream, format, backward);
        }
    }

    private static Map<String, String> union(Map<String, String> headers, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return all;
    }

    static Whole json(int status, byte[] body) {
        return of(status, JSON, body);
    }

    static Whole of(int status, String contentType, byte[] body) {
        return new Whole(
                status,
                Map.of("Content-Type", contentType, "Cache-Control", "no-store"),
                UnsafeByteOperations.unsafeWrap(body),
                false);
    }

    static Whole empty(int status) {
        return new Whole(status, Map.of(), ByteString.EMPTY, false);
    }
}
