package io.eckermann.gateway.webhooks;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs what is sent as Standard Webhooks says: HMAC-SHA256 over id, time and body. */
final class Signature {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES_MIN = 24;
    private static final int KEY_BYTES_MAX = 64;

    private Signature() {}

    /** Refuses a secret that is none. */
    static void check(String secret) {
        if (!secret.isEmpty()) {
            key(secret);
        }
    }

    private static byte[] key(String secret) {
        try {
            byte[] key = secret.startsWith(PREFIX)
                    ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                    : new byte[0];
            if (key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            throw bad();
        }
        throw bad();
    }

    private static StoreException bad() {
        return new StoreException(ErrorCode.BAD_REQUEST, "A secret is whsec_ followed by 24 to 64 bytes in base64.")
                .with("field", "secret");
    }

    /**
     * The headers that go with a message.
     *
     * @param id the same for each attempt to send an event
     */
    static Map<String, String> headers(String secret, String id, long epochSecond, ByteString body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(secret), ALGORITHM));
            mac.update((id + "." + epochSecond + ".").getBytes(StandardCharsets.UTF_8));
            mac.update(body.asReadOnlyByteBuffer());
            return Map.of(
                    "webhook-id",
                    id,
                    "webhook-timestamp",
                    Long.toString(epochSecond),
                    "webhook-signature",
                    "v1," + Base64.getEncoder().encodeToString(mac.doFinal()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256.", e);
        }
    }
}
