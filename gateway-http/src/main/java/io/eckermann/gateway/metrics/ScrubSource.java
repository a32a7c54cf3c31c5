package io.eckermann.gateway.metrics;

import io.eckermann.protocol.v1.ScrubView;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this node found when it read through what it keeps. */
public final class ScrubSource implements Source {
    private final Supplier<@Nullable ScrubView> view;

    public ScrubSource(Supplier<@Nullable ScrubView> view) {
        this.view = view;
    }

    @Override
    public void tell(Samples samples) {
        ScrubView last = view.get();
        ScrubView known = last == null ? ScrubView.getDefaultInstance() : last;
        samples.counter(
                "eckermann_scrub_damaged_segments_total",
                "Kept segments of this node that were found damaged.",
                known.getDamaged());
        samples.counter(
                "eckermann_scrub_mended_segments_total",
                "Kept segments of this node that were mended from other nodes.",
                known.getMended());
    }
}
