package io.eckermann.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Keys as anybody may show them. */
class KeyTextsFuzzTest {
    @FuzzTest
    void aKeyIsReadAsItIsShownOrNone(byte[] data) {
        String shown = new String(data, StandardCharsets.UTF_8);
        KeyText.parse(shown).ifPresent(key -> {
            assertThat(key.secretText()).isEqualTo(shown);
            assertThat(key.has(key.sha256())).isTrue();
            assertThat(shown).startsWith(key + "_");
        });
    }
}
