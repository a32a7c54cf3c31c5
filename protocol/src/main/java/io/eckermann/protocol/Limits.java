package io.eckermann.protocol;

/** Every bound a user can meet. Bytes are bytes of the encoded form unless said otherwise. */
public final class Limits {
    /** Payload of one event; a topic may set less. */
    public static final int EVENT_PAYLOAD_BYTES_MAX = 1 << 20;
    /** All attributes of one event together: id, type, key, tags, headers. */
    public static final int EVENT_ATTRIBUTES_BYTES_MAX = 32 << 10;
    /** All events of one append. */
    public static final int APPEND_BYTES_MAX = 2 << 20;
    /** Events of one append. */
    public static final int APPEND_EVENTS_MAX = 65_536;
    /** Topics of one append to several, and cursors that it commits. */
    public static final int APPEND_TOPICS_MAX = 100;
    /** One HTTP body: an append's events as base64 in JSON, and some room. */
    public static final int HTTP_BODY_BYTES_MAX = 4 * APPEND_BYTES_MAX;
    /** One gRPC message. */
    public static final int GRPC_MESSAGE_BYTES_MAX = 4 * APPEND_BYTES_MAX;
    /** How many results of a producer are kept for retries, per topic. */
    public static final int PRODUCER_RESULTS_KEPT = 128;
    /** How many producers are remembered, per topic; beyond it the one unused for longest is forgotten. */
    public static final int PRODUCERS_KEPT = 16_384;
    /** Characters of a topic's description. */
    public static final int DESCRIPTION_CHARS_MAX = 1_000;
    /** How long a topic may be told to keep its events: 100 years; for ever is no bound at all. */
    public static final long RETAIN_AGE_MS_MAX = 100L * 365 * 24 * 3_600_000;
    /** A topic's or a consumer's name. */
    public static final int NAME_CHARS_MAX = 249;

    public static final int PRODUCER_ID_CHARS_MAX = 64;
    /** One tag. */
    public static final int TAG_BYTES_MAX = 256;
    /** What one append gives to be indexed: its types, keys and tags, each once, and where they are. */
    public static final int INDEX_BYTES_MAX = 1 << 20;
    /** Conditions of one append. */
    public static final int CONDITIONS_MAX = 32;
    /** Conditions of one append to several topics, in all. */
    public static final int CONDITIONS_OF_MANY_MAX = 100;
    /** Items of one query; of all queries of one append. */
    public static final int QUERY_ITEMS_MAX = 100;
    /** Tags in one query; of all queries of one append. */
    public static final int QUERY_TAGS_MAX = 1_000;
    /** Types in one query; of all queries of one append. */
    public static final int QUERY_TYPES_MAX = 1_000;
    /** Rows of the index, and places in it, that judging one append may look at. */
    public static final int CONDITION_STEPS_MAX = 65_536;

    /** Events of one lease. */
    public static final int LEASE_EVENTS_MAX = 1_000;
    /** Events of one lease when nothing is said. */
    public static final int LEASE_EVENTS_USUAL = 100;
    /** How long a lease may last, and an event be delayed: 12 hours. */
    public static final long VISIBILITY_MS_MAX = 43_200_000;
    /** How short a lease may be. */
    public static final long VISIBILITY_MS_MIN = 100;
    /** How long a call may wait for events to lease. */
    public static final long LEASE_WAIT_MS_MAX = 60_000;
    /** Events that a group may have leased at a time. */
    public static final int GROUP_IN_FLIGHT_MAX = 100_000;
    /** How far a group may be ahead of its oldest event that is not settled. */
    public static final long GROUP_WINDOW_MAX = 1_000_000;
    /** How often an event may be leased before it is parked. */
    public static final int GROUP_ATTEMPTS_MAX = 1_000;
    /** Events that a group may have parked before it leases no new ones. */
    public static final int GROUP_PARKED_MAX = 100_000;
    /** Settlements of one request, extended leases, and parked events that are looked at. */
    public static final int SETTLEMENTS_MAX = 1_000;
    /** Positions in all settlements of one request. */
    public static final int SETTLED_POSITIONS_MAX = 10_000;
    /** Characters of the reason for which an event is parked. */
    public static final int REASON_CHARS_MAX = 1_000;

    public static final int IDEMPOTENCY_KEY_CHARS_MAX = 255;
    /** One schema. */
    public static final int SCHEMA_BYTES_MAX = 256 << 10;
    /** Schemas of one topic, all versions of all types; and types that ever had one. */
    public static final int TOPIC_SCHEMAS_MAX = 1_000;
    /** Webhooks of all topics: the leader holds some events for each. */
    public static final int WEBHOOKS_MAX = 100;
    /** A webhook's name; its group's is longer. */
    public static final int WEBHOOK_NAME_CHARS_MAX = 200;
    /** The address of a webhook, and its secret. */
    public static final int WEBHOOK_URL_CHARS_MAX = 2_000;
    /** The expression that a read is filtered by. */
    public static final int FILTER_CHARS_MAX = 4_096;
    /** Keys of all principals. */
    public static final int KEYS_MAX = 10_000;
    /** Subjects of rules: principals, roles, and topics that have a quota. */
    public static final int SUBJECTS_MAX = 10_000;
    /** Grants of one subject, and its roles. */
    public static final int GRANTS_MAX = 100;
    /** A subject of rules, and the note on a key. */
    public static final int SUBJECT_CHARS_MAX = 200;

    private Limits() {}
}
