package io.eckermann.client;

import java.util.List;

/**
 * What replaying or dropping parked events came to.
 *
 * @param changed how many events were replayed or dropped
 * @param held not replayed, because an earlier event of their key stays parked
 * @param missing not parked
 */
public record ParkedChange(int changed, List<Long> held, List<Long> missing) {
    public ParkedChange {
        held = List.copyOf(held);
        missing = List.copyOf(missing);
    }
}
