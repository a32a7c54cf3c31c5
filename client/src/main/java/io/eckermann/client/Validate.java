package io.eckermann.client;

import io.eckermann.protocol.v1.TopicSettings;

/** Whether a topic compares the payloads of appends with its {@link Schemas}. */
public enum Validate {
    /** Payloads are not looked at. */
    OFF,
    /** A payload must satisfy the newest schema of its event's type; events whose type has none are let in. */
    ON_APPEND,
    /** The same; events whose type has no schema are refused, and fields that a Protobuf schema does not know. */
    STRICT;

    TopicSettings.Validate wire() {
        return TopicSettings.Validate.valueOf(name());
    }

    static Validate of(TopicSettings.Validate wire) {
        return wire == TopicSettings.Validate.UNRECOGNIZED ? OFF : valueOf(wire.name());
    }
}
