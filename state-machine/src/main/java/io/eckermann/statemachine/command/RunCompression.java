package io.eckermann.statemachine.command;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.AdaptiveCompression;
import io.eckermann.protocol.v1.Encoding;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compresses runs of appends, and remembers for which topics that does not pay. Chance and order of what is compressed
 * do not matter: a run means the same either way. Used by one thread at a time.
 */
public final class RunCompression {
    /** Who appends to more topics at once has little to win on each. */
    private static final int TOPICS_REMEMBERED = 1_024;

    private final Encoding encoding;
    private final Map<Long, AdaptiveCompression> topics = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, AdaptiveCompression> eldest) {
            return size() > TOPICS_REMEMBERED;
        }
    };

    public RunCompression() {
        this(AdaptiveCompression.USUAL);
    }

    /** @param encoding what to compress with; PLAIN never compresses */
    public RunCompression(Encoding encoding) {
        this.encoding = encoding;
    }

    /** The encoding of what {@link #tryCompress} gives. */
    Encoding encoding() {
        return encoding;
    }

    /** The topic's PLAIN bodies, laid side by side, as one compressed body; null when they stay as they are. */
    @Nullable
    ByteString tryCompress(long topicId, ByteString bodies) {
        if (bodies.size() < AdaptiveCompression.BODY_BYTES_MIN) {
            return null;
        }
        return topics.computeIfAbsent(topicId, id -> new AdaptiveCompression(encoding))
                .tryCompress(bodies);
    }
}
