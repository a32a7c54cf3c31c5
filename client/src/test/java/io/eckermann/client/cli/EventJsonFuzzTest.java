package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.eckermann.client.Event;
import java.nio.charset.StandardCharsets;

/** Lines as they are piped into {@code append}. */
class EventJsonFuzzTest {
    @FuzzTest
    void aLineIsAnEventOrRefusedInWords(byte[] data) {
        try {
            Event event = EventJson.read(new String(data, StandardCharsets.UTF_8));
            assertThat(event.payload()).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
