package io.eckermann.gateway.append;

import com.google.protobuf.ByteString;
import io.eckermann.gateway.access.Principal;
import io.eckermann.protocol.BodyCompression;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Condition;
import io.eckermann.protocol.v1.EncodedEvents;
import io.eckermann.statemachine.command.Particulars;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * How results of appends with an idempotency key are kept.
 *
 * @param resultsMax how many, of all callers together
 * @param age for how long
 */
public record Idempotency(int resultsMax, Duration age) {
    public static final Idempotency USUAL = new Idempotency(100_000, Duration.ofDays(1));

    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

    public Idempotency {
        if (resultsMax < 1 || age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("At least one result is kept, and for some time.");
        }
    }

    Particulars.Request request(String key, EncodedEvents encoded, List<Condition> conditions) {
        return request(key, says -> tell(says, encoded, conditions));
    }

    /**
     * Of whoever makes the call that this thread is about.
     *
     * @param says tells all that the request says
     */
    Particulars.Request request(String key, Consumer<MessageDigest> says) {
        if (key.length() > Limits.IDEMPOTENCY_KEY_CHARS_MAX
                || !VISIBLE.matcher(key).matches()) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "An idempotency key has 1 to 255 visible ASCII characters, no spaces.")
                    .with("field", "idempotency_key");
        }
        return new Particulars.Request(Principal.current().name(), key, fingerprint(says), resultsMax, age.toNanos());
    }

    private static ByteString fingerprint(Consumer<MessageDigest> says) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
        says.accept(sha256);
        return ByteString.copyFrom(sha256.digest());
    }

    /** Tells the events as they are, however they are compressed, and the conditions. */
    static void tell(MessageDigest says, EncodedEvents encoded, List<Condition> conditions) {
        ByteString plain = BodyCompression.decompress(encoded.getEncoding(), encoded.getBody());
        says.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, plain.size()));
        plain.asReadOnlyByteBufferList().forEach(says::update);
        conditions.forEach(condition -> says.update(condition.toByteArray()));
    }
}
