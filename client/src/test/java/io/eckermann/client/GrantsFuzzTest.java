package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Grants as anybody may write them. */
class GrantsFuzzTest {
    @FuzzTest
    void aGrantIsReadAndWrittenTheSameOrRefused(byte[] data) {
        try {
            Access.Grant grant = Access.Grant.parse(new String(data, StandardCharsets.UTF_8));
            assertThat(Access.Grant.parse(grant.toString())).isEqualTo(grant);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+\\.").isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }
}
