package io.eckermann.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.v1.Encoding;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdaptiveCompressionTest {
    private static final ByteString TEXT = ByteString.copyFromUtf8("{\"status\":\"paid\",\"total\":12}".repeat(400));
    private static final ByteString NOISE = noise(TEXT.size());

    @Test
    void textIsCompressedEveryTime() {
        AdaptiveCompression compression = new AdaptiveCompression(Encoding.ZSTD);
        for (int i = 0; i < 50; i++) {
            ByteString body = Objects.requireNonNull(compression.tryCompress(TEXT));
            assertThat(body.size()).isLessThan(TEXT.size() / 8);
            assertThat(BodyCompression.decompress(Encoding.ZSTD, body)).isEqualTo(TEXT);
        }
    }

    @Test
    void smallAndTooLargeBodiesStayAsTheyAre() {
        AdaptiveCompression compression = new AdaptiveCompression(Encoding.LZ4);
        assertThat(compression.tryCompress(TEXT.substring(0, AdaptiveCompression.BODY_BYTES_MIN - 1)))
                .isNull();
        assertThat(compression.tryCompress(TEXT.substring(0, AdaptiveCompression.BODY_BYTES_MIN)))
                .isNotNull();
        assertThat(compression.tryCompress(ByteString.copyFrom(new byte[Limits.APPEND_BYTES_MAX + 1])))
                .isNull();
    }

    @Test
    void noiseIsTriedMoreAndMoreSeldomAndTextIsFoundAgain() {
        AdaptiveCompression compression = new AdaptiveCompression(Encoding.ZSTD);
        for (int i = 0; i < 1_000; i++) {
            assertThat(compression.tryCompress(NOISE)).isNull();
        }
        int passed = 0;
        while (compression.tryCompress(TEXT) == null) {
            passed++;
        }
        // Text passed untouched while nobody looked, but not for ever.
        assertThat(passed).isBetween(1, 256);
        assertThat(compression.tryCompress(TEXT)).isNotNull();
    }

    @Test
    void plainNeverCompresses() {
        assertThat(new AdaptiveCompression(Encoding.PLAIN).tryCompress(TEXT)).isNull();
    }

    private static ByteString noise(int size) {
        byte[] bytes = new byte[size];
        new Random(42).nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }
}
