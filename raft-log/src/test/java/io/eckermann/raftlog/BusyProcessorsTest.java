package io.eckermann.raftlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BusyProcessorsTest {
    private final AtomicLong elapsedMillis = new AtomicLong();

    @Test
    void theyAreBusyAsOfTheLastLookOfWhichThereAreTwoASecond() {
        ArrayDeque<Double> loads = new ArrayDeque<>(List.of(0.9, 0.5, -1.0));
        BusyProcessors busy = new BusyProcessors(loads::remove, () -> elapsedMillis.get() * 1_000_000);
        assertThat(busy.getAsBoolean()).as("nothing known yet").isFalse();
        elapsedMillis.addAndGet(500);
        assertThat(busy.getAsBoolean()).isTrue();
        elapsedMillis.addAndGet(499);
        assertThat(busy.getAsBoolean()).isTrue();
        elapsedMillis.addAndGet(1);
        assertThat(busy.getAsBoolean()).isFalse();
        elapsedMillis.addAndGet(500);
        assertThat(busy.getAsBoolean()).as("nobody can tell").isFalse();
        assertThat(loads).isEmpty();
    }

    @Test
    void thisMachineTells() {
        assertThat(new BusyProcessors().getAsBoolean()).as("at first").isFalse();
    }
}
