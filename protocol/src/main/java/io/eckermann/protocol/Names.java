package io.eckermann.protocol;

import java.util.regex.Pattern;

/** The rules for names. Dots give topics a hierarchy by convention; names starting with {@code _} are the system's. */
public final class Names {
    /** Whoever shows no credentials. */
    public static final String ANONYMOUS = "anonymous";
    /** Any node of the cluster, by its certificate. */
    public static final String NODE = "node";

    private static final Pattern SUBJECT = Pattern.compile("(token|cert):[\\x21-\\x7e]+|(role|topic):[A-Za-z0-9._-]+");
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]+");

    private Names() {}

    /**
     * Returns the name of a user's topic as it is.
     *
     * @throws StoreException BAD_TOPIC_NAME
     */
    public static String topic(String name) {
        if (name.isEmpty()
                || name.length() > Limits.NAME_CHARS_MAX
                || !ALLOWED.matcher(name).matches()
                || name.startsWith("_")
                || name.equals(".")
                || name.equals("..")) {
            throw new StoreException(
                            ErrorCode.BAD_TOPIC_NAME,
                            "A topic's name has 1 to 249 characters of A-Z a-z 0-9 . _ - and does not start with _.")
                    .with("topic", shortened(name));
        }
        return name;
    }

    /**
     * Returns the name of a topic that is read as it is: also of one of the system's.
     *
     * @throws StoreException BAD_TOPIC_NAME
     */
    public static String anyTopic(String name) {
        return name.startsWith("_")
                        && name.length() <= Limits.NAME_CHARS_MAX
                        && ALLOWED.matcher(name).matches()
                ? name
                : topic(name);
    }

    /**
     * Returns the name of a consumer as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String consumer(String name) {
        return plain("consumer", name, Limits.NAME_CHARS_MAX);
    }

    /**
     * Returns the name of a group as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String group(String name) {
        return plain("group", name, Limits.NAME_CHARS_MAX);
    }

    /**
     * Returns the name of a group's member as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String member(String name) {
        return plain("member", name, Limits.NAME_CHARS_MAX);
    }

    /** The name of the group behind a webhook, in the same topic. */
    public static String groupOfWebhook(String webhook) {
        return "webhook." + webhook;
    }

    /**
     * Returns the name of a webhook as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String webhook(String name) {
        return plain("webhook", name, Limits.WEBHOOK_NAME_CHARS_MAX);
    }

    /**
     * Returns the name of a principal that keys may be made for as it is: one without a colon, which no token and no
     * certificate names.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String principal(String name) {
        if (ANONYMOUS.equals(name) || NODE.equals(name)) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "This principal has no keys: take another name.")
                    .with("principal", name);
        }
        return plain("principal", name, Limits.SUBJECT_CHARS_MAX);
    }

    /**
     * Returns the subject of rules as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String subject(String name) {
        if (name.indexOf(':') < 0) {
            return principal(name);
        }
        if (name.length() > Limits.SUBJECT_CHARS_MAX || !SUBJECT.matcher(name).matches()) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "A subject is a principal of keys, or token:, cert:, role: or topic: and a name behind it;"
                                    + " at most 200 characters.")
                    .with("subject", shortened(name));
        }
        return name;
    }

    /**
     * Returns the id of a producer as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String producer(String id) {
        return plain("producer", id, Limits.PRODUCER_ID_CHARS_MAX);
    }

    /**
     * Returns the name of a fence as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String fence(String name) {
        return plain("fence", name, Limits.NAME_CHARS_MAX);
    }

    /**
     * Returns an event type that can have a schema as it is.
     *
     * @throws StoreException BAD_REQUEST
     */
    public static String schemaType(String type) {
        if (type.isEmpty()
                || type.length() > Limits.NAME_CHARS_MAX
                || type.chars().anyMatch(Character::isISOControl)) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "An event type that has a schema has 1 to 249 characters, none of them a control character.")
                    .with("field", "type")
                    .with("event_type", shortened(type));
        }
        return type;
    }

    private static String plain(String what, String name, int charsMax) {
        if (name.isEmpty() || name.length() > charsMax || !ALLOWED.matcher(name).matches()) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "The name of a " + what + " has 1 to " + charsMax + " characters of A-Z a-z 0-9 . _ -.")
                    .with(what, shortened(name));
        }
        return name;
    }

    private static String shortened(String name) {
        return name.length() <= 80 ? name : name.substring(0, 80) + "…";
    }
}
