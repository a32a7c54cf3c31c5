package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.eckermann.client.Event;
import java.nio.charset.StandardCharsets;

/** Lines as they are piped into {@code append}, and steps. */
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

    @FuzzTest
    void aCloudEventIsReadOrRefusedInWords(byte[] data) {
        try {
            assertThat(CloudEventText.read(data).payload()).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void aStepIsReadOrRefusedInWords(byte[] data) {
        try {
            assertThat(StepJson.read(new String(data, StandardCharsets.UTF_8))).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
