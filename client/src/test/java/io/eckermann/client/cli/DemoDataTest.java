package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.client.Event;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoDataTest {
    @Test
    void everyEarthquakeHasATypeAKeyAndATimeAndTheyAreInOrder() throws IOException {
        List<Event> events = DemoData.events();
        assertThat(events).hasSize(1_707).allSatisfy(event -> {
            assertThat(event.type()).isIn("earthquake", "explosion", "quarry-blast");
            assertThat(event.key()).isNotEmpty();
            assertThat(event.time()).isPresent();
        });
        assertThat(events.stream().map(Event::id)).doesNotHaveDuplicates();
        assertThat(events.stream().map(event -> event.time().orElseThrow()))
                .isSortedAccordingTo(Comparator.naturalOrder());
    }

    @Test
    void checksumSeesOrderIdsAndPayloads() throws IOException {
        List<Event> events = DemoData.events();
        String sum = sum(events.get(0), events.get(1));
        assertThat(sum(events.get(0), events.get(1))).isEqualTo(sum);
        assertThat(sum(events.get(1), events.get(0))).isNotEqualTo(sum);
        assertThat(sum(events.get(0))).isNotEqualTo(sum);
        assertThat(sum(Event.builder().id("a").payload("bc").build()))
                .isNotEqualTo(sum(Event.builder().id("ab").payload("c").build()));
    }

    private static String sum(Event... events) {
        DemoData.Checksum sum = new DemoData.Checksum();
        List.of(events).forEach(sum::add);
        return sum.hex();
    }
}
