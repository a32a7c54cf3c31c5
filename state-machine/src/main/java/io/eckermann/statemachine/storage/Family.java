package io.eckermann.statemachine.storage;

import java.nio.charset.StandardCharsets;

/** The column families. Numbers in keys are 8 bytes big-endian unless said otherwise, so keys sort by them. */
public enum Family {
    /** Node-local: (name) → format version, applied entry, installed entry. RocksDB insists on this family's name. */
    LOCAL("default"),
    /** (name) → counters that all replicas share. */
    SYSTEM("system"),
    /** (topic name) → topic id. */
    NAMES("names"),
    /** (topic id) → TopicRow. */
    TOPICS("topics"),
    /** (topic id) → TailRow. */
    TAILS("tails"),
    /** (topic id, last position) → ChunkRow. */
    CHUNKS("chunks"),
    /** (topic id, producer) → ProducerRow. */
    PRODUCERS("producers"),
    /** (topic id, Raft index of the last accepted append, producer) → nothing. */
    PRODUCER_USES("producer-uses"),
    /** (topic id, producer, 0 as a byte, slot as 4 bytes) → KeptResultRow. */
    PRODUCER_RESULTS("producer-results"),
    /** (topic id, consumer) → CursorRow. */
    CURSORS("cursors"),
    /** (topic id, kind as a byte, length as 2 bytes, term, last position) → the positions before it, as a PostingBlock. */
    TERMS("terms"),
    /** (topic id, name of a group) → group id. */
    GROUP_NAMES("group-names"),
    /** (topic id, group id, kind as a byte, what the kind says) → all that is known of groups, see GroupKeys. */
    GROUPS("groups"),
    /** (topic id, key) → how many events it has, position of the last. */
    KEYS("keys"),
    /** (topic id, name) → the largest token accepted. */
    FENCES("fences"),
    /** (topic id, an event's id) → position of the event that has it. */
    EVENT_IDS("event-ids"),
    /** (principal, 0 as a byte, idempotency key) → RequestRow. */
    REQUESTS("requests"),
    /** (a request's number) → its key in REQUESTS. */
    REQUEST_ORDER("request-order"),
    /** (Raft index, ordinal as 4 bytes) of a body that took another one's place → MovedRow. */
    MOVED("moved"),
    /** (Raft index, ordinal and offset as 4 bytes each) of a body that must not be kept → its length, 4 bytes. */
    ERASED("erased"),
    /** (topic id, 0 as a byte, event type) → SchemaTypeRow; (topic id, 1 as a byte, type, 0 as a byte, version) → content. */
    SCHEMAS("schemas"),
    /** (topic id, name) → WebhookRow. */
    WEBHOOKS("webhooks"),
    /** (0 as a byte, id of a key) → AccessKeyRow; (1 as a byte, subject) → RulesRow. */
    ACCESS("access"),
    /** (topic name) → the shard that has it, in the first of several shards. */
    PLACEMENTS("placements");

    private final String familyName;

    Family(String familyName) {
        this.familyName = familyName;
    }

    byte[] nameBytes() {
        return familyName.getBytes(StandardCharsets.UTF_8);
    }

    String familyName() {
        return familyName;
    }
}
