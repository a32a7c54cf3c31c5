package io.eckermann.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An immutable fact, as it is appended. Only the payload is required, and it may be empty. Absent attributes are empty
 * strings, lists and maps.
 */
public final class Event {
    private final ByteString payload;
    /** With all attributes; null when there are none: most events have none, and then this is all they cost. */
    private final io.eckermann.protocol.v1.@Nullable Event attributed;

    private final int wireBytes;

    Event(io.eckermann.protocol.v1.Event wire) {
        this.payload = wire.getPayload();
        this.attributed = wire;
        this.wireBytes = wire.getSerializedSize();
    }

    private Event(ByteString payload) {
        this.payload = payload;
        this.attributed = null;
        // As everywhere in protobuf's third version, an empty field is no field.
        this.wireBytes = payload.isEmpty()
                ? 0
                : CodedOutputStream.computeBytesSize(io.eckermann.protocol.v1.Event.PAYLOAD_FIELD_NUMBER, payload);
    }

    /** An event with nothing but this payload, which is copied. */
    public static Event of(byte[] payload) {
        return new Event(ByteString.copyFrom(payload));
    }

    /** An event with nothing but this text, as UTF-8. */
    public static Event of(String payload) {
        return new Event(ByteString.copyFromUtf8(payload));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return payload.toByteArray();
    }

    /** The payload without copying; read only. */
    public ByteBuffer payloadBuffer() {
        return payload.asReadOnlyByteBuffer();
    }

    /** The payload read as UTF-8; malformed bytes become U+FFFD. */
    public String payloadText() {
        return payload.toStringUtf8();
    }

    /** The payload's length in bytes. */
    public int payloadBytes() {
        return payload.size();
    }

    /** The producer's own name for the event. */
    public String id() {
        return attributes().getId();
    }

    /** What kind of fact it is. */
    public String type() {
        return attributes().getType();
    }

    /** The entity the fact is about. */
    public String key() {
        return attributes().getKey();
    }

    public List<String> tags() {
        return List.copyOf(attributes().getTagsList());
    }

    public Map<String, String> headers() {
        return Map.copyOf(attributes().getHeadersMap());
    }

    /** Business time: when the fact happened. */
    public Optional<Instant> time() {
        return attributes().hasTimeNs() ? Optional.of(Nanos.instant(attributes().getTimeNs())) : Optional.empty();
    }

    /** Whether it was deleted after it was recorded: then it has no payload, and nothing else. */
    public boolean isDeleted() {
        return attributes().getDeleted();
    }

    /** The same with these headers as well, which take the place of those of their names. */
    public Event withHeaders(Map<String, String> more) {
        return new Event(wire().toBuilder().putAllHeaders(more).build());
    }

    private io.eckermann.protocol.v1.Event attributes() {
        return attributed == null ? io.eckermann.protocol.v1.Event.getDefaultInstance() : attributed;
    }

    io.eckermann.protocol.v1.Event wire() {
        return attributed == null
                ? io.eckermann.protocol.v1.Event.newBuilder()
                        .setPayload(payload)
                        .build()
                : attributed;
    }

    /** Its length on the wire. */
    int wireBytes() {
        return wireBytes;
    }

    /** Writes what {@link #wire} would. */
    void writeTo(CodedOutputStream out) throws IOException {
        if (attributed != null) {
            attributed.writeTo(out);
        } else if (!payload.isEmpty()) {
            out.writeBytes(io.eckermann.protocol.v1.Event.PAYLOAD_FIELD_NUMBER, payload);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Event event && wire().equals(event.wire());
    }

    @Override
    public int hashCode() {
        return wire().hashCode();
    }

    @Override
    public String toString() {
        return "Event{type=" + type() + ", key=" + key() + ", id=" + id() + ", payloadBytes=" + payloadBytes() + "}";
    }

    /** Builds one event after the other; not thread safe. */
    public static final class Builder {
        private final io.eckermann.protocol.v1.Event.Builder wire = io.eckermann.protocol.v1.Event.newBuilder();

        private Builder() {}

        /** Copies the bytes. */
        public Builder payload(byte[] payload) {
            wire.setPayload(ByteString.copyFrom(payload));
            return this;
        }

        /** The text as UTF-8. */
        public Builder payload(String text) {
            wire.setPayload(ByteString.copyFrom(text, StandardCharsets.UTF_8));
            return this;
        }

        public Builder id(String id) {
            wire.setId(id);
            return this;
        }

        public Builder type(String type) {
            wire.setType(type);
            return this;
        }

        public Builder key(String key) {
            wire.setKey(key);
            return this;
        }

        /** Adds a tag; the server refuses one that is there already. */
        public Builder tag(String tag) {
            wire.addTags(tag);
            return this;
        }

        /** Replaces all tags. */
        public Builder tags(List<String> tags) {
            wire.clearTags().addAllTags(tags);
            return this;
        }

        public Builder header(String name, String value) {
            wire.putHeaders(name, value);
            return this;
        }

        /** Replaces all headers. */
        public Builder headers(Map<String, String> headers) {
            wire.clearHeaders().putAllHeaders(headers);
            return this;
        }

        /**
         * Business time.
         *
         * @throws IllegalArgumentException outside the years 1678 to 2262, which nanoseconds in 64 bits can't express
         */
        public Builder time(Instant time) {
            wire.setTimeNs(Nanos.of(time));
            return this;
        }

        public Event build() {
            return new Event(wire.build());
        }
    }
}
