package io.eckermann.bench.load;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** The tallies of all producers of a load, as one. */
public final class Tallies {
    private final List<Tally> all;

    public Tallies(List<Tally> all) {
        this.all = List.copyOf(all);
    }

    public long events() {
        return all.stream().mapToLong(Tally::events).sum();
    }

    public long bytes() {
        return all.stream().mapToLong(Tally::bytes).sum();
    }

    public long failures() {
        return all.stream().mapToLong(Tally::failures).sum();
    }

    /** One of the failures. */
    public Optional<Throwable> firstFailure() {
        return all.stream().map(Tally::firstFailure).filter(Objects::nonNull).findFirst();
    }

    /** The times of all since this was last called, in nanoseconds. */
    public Histogram takeLatencyNs() {
        Histogram sum = new Histogram(3);
        all.forEach(tally -> sum.add(tally.takeLatencyNs()));
        return sum;
    }
}
