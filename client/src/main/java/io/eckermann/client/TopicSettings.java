package io.eckermann.client;

/**
 * What can be set about a topic.
 *
 * @param maxEventBytes the largest payload of one event, 1 to 1,048,576 bytes; 0: the default, which is 1,048,576
 * @param description for people, at most 1,000 characters; may be empty
 */
public record TopicSettings(long maxEventBytes, String description) {
    public static final TopicSettings DEFAULTS = new TopicSettings(0, "");

    public TopicSettings withMaxEventBytes(long bytes) {
        return new TopicSettings(bytes, description);
    }

    public TopicSettings withDescription(String text) {
        return new TopicSettings(maxEventBytes, text);
    }
}
