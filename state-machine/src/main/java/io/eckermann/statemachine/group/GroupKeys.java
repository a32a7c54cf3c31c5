package io.eckermann.statemachine.group;

import io.eckermann.statemachine.storage.Key;
import java.nio.charset.StandardCharsets;

/** Keys of one group's rows: topic id, group id, a byte for the kind, and what the kind says. */
final class GroupKeys {
    private static final int AFTER_KIND = 2 * Long.BYTES + 1;

    /** What a row tells of, with the kind's byte. */
    enum Kind {
        /** → GroupRow. */
        GROUP(0),
        /** → GroupStateRow. */
        STATE(1),
        /** (position) → GroupEventRow. */
        EVENT(2),
        /** (position) of one that is ready → nothing. */
        READY(3),
        /** (token) → LeaseRow. */
        LEASE(4),
        /** (time, token or position) → 0 as a byte for a lease, 1 for an event. */
        DUE(5),
        /** (key) → GroupKeyRow. */
        KEY(6),
        /** (length of the key as 4 bytes, key, position) of one that waits → nothing. */
        WAITING(7),
        /** (position) → ParkedRow. */
        PARKED(8),
        /** (length of the key as 4 bytes, key, position) of one that is parked and holds its key → nothing. */
        PARKED_KEY(9);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }
    }

    private final long topicId;
    private final long groupId;

    GroupKeys(long topicId, long groupId) {
        this.topicId = topicId;
        this.groupId = groupId;
    }

    byte[] of(Kind kind) {
        return begin(kind).bytes();
    }

    byte[] of(Kind kind, long number) {
        return begin(kind).then(number).bytes();
    }

    byte[] of(Kind kind, long first, long second) {
        return begin(kind).then(first).then(second).bytes();
    }

    byte[] ofKey(String key) {
        return begin(Kind.KEY).then(key).bytes();
    }

    /** Of a kind that has rows by key and position. */
    byte[] of(Kind kind, String key, long position) {
        byte[] text = key.getBytes(StandardCharsets.UTF_8);
        return begin(kind).then(text.length).then(text).then(position).bytes();
    }

    /** Behind all rows of a kind. */
    byte[] end(Kind kind) {
        return Key.afterPrefix(of(kind));
    }

    /** Behind all rows of the group. */
    byte[] end() {
        return Key.of(topicId).then(groupId + 1).bytes();
    }

    /** Before all rows of the group. */
    byte[] begin() {
        return Key.of(topicId).then(groupId).bytes();
    }

    /** The first number behind the kind. */
    static long number(byte[] key) {
        return Key.longAt(key, AFTER_KIND);
    }

    /** The number that ends the key. */
    static long lastNumber(byte[] key) {
        return Key.longAt(key, key.length - Long.BYTES);
    }

    private Key begin(Kind kind) {
        return Key.of(topicId).then(groupId).then(new byte[] {kind.code});
    }
}
