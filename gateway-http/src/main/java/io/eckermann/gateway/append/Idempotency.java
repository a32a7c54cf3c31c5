package io.eckermann.gateway.append;

import com.google.protobuf.ByteString;
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
import java.util.regex.Pattern;

/**
 * How results of appends with an idempotency key are kept.
 *
 * @param resultsMax how many, of all callers together
 * @param age for how long
 */
public record Idempotency(int resultsMax, Duration age) {
    public static final Idempotency USUAL = new Idempotency(100_000, Duration.ofDays(1));

    /** Nobody is asked for a name yet. */
    private static final String PRINCIPAL = "anonymous";

    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");

    public Idempotency {
        if (resultsMax < 1 || age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("At least one result is kept, and for some time.");
        }
    }

    Particulars.Request request(String key, EncodedEvents encoded, List<Condition> conditions) {
        if (key.length() > Limits.IDEMPOTENCY_KEY_CHARS_MAX
                || !VISIBLE.matcher(key).matches()) {
            throw new StoreException(
                            ErrorCode.BAD_REQUEST,
                            "An idempotency key has 1 to 255 visible ASCII characters, no spaces.")
                    .with("field", "idempotency_key");
        }
        return new Particulars.Request(PRINCIPAL, key, fingerprint(encoded, conditions), resultsMax, age.toNanos());
    }

    /** Of the events as they are, however they are compressed, and of the conditions. */
    private static ByteString fingerprint(EncodedEvents encoded, List<Condition> conditions) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
        ByteString plain = BodyCompression.decompress(encoded.getEncoding(), encoded.getBody());
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, plain.size()));
        plain.asReadOnlyByteBufferList().forEach(sha256::update);
        conditions.forEach(condition -> sha256.update(condition.toByteArray()));
        return ByteString.copyFrom(sha256.digest());
    }
}
