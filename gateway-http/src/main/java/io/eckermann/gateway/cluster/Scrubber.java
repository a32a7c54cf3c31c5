package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.ScrubView;
import io.eckermann.statemachine.Scavenging;
import io.eckermann.statemachine.chunk.ChunkSource;
import io.eckermann.statemachine.chunk.KeptSegment;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what this node keeps, slowly and again and again, so that what a disk has spoilt is found while other nodes still
 * have it: a damaged segment is written anew out of what is sound in it and what others have, each body compared with the
 * checksum in this node's index. It has a thread of its own, which is never interrupted. Commands come on any thread.
 */
public final class Scrubber implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

    private final Scavenging segments;
    private final Supplier<List<ChunkSource>> others;
    private final Rounds rounds;

    private volatile @Nullable ScrubView view;

    /**
     * When and how fast.
     *
     * @param interval between two rounds
     * @param bytesPerSecond how much is read
     */
    public record Plan(Duration interval, long bytesPerSecond) {}

    /**
     * Does nothing until {@link #open}.
     *
     * @param segments shared with the scavenger: whoever writes segments anew holds its monitor
     * @param others the bodies that other nodes have, those first that are to be asked first
     */
    public Scrubber(String nodeId, Scavenging segments, Supplier<List<ChunkSource>> others, Plan plan) {
        this.segments = segments;
        this.others = others;
        this.rounds = new Rounds("scrubber-" + nodeId, plan.interval(), plan.bytesPerSecond(), this::round);
    }

    /** Begins; the first round comes after one interval. */
    public void open() {
        rounds.open();
    }

    /** Begins a round as soon as it can, also after {@link #stop}. */
    public void start() {
        rounds.start();
    }

    /** Ends the round under way, and begins no other until {@link #start}. */
    public void stop() {
        rounds.stop();
        report(draft().setState(ScrubView.State.STOPPED));
    }

    /** Null before the first round. */
    public @Nullable ScrubView view() {
        return view;
    }

    /** What several of them, of one node, say together; null before the first round of all. */
    public static @Nullable ScrubView together(List<@Nullable ScrubView> views) {
        ScrubView.Builder all = null;
        for (ScrubView each : views) {
            if (each == null) {
                continue;
            }
            if (all == null) {
                all = each.toBuilder();
                continue;
            }
            boolean runs = each.getState() == ScrubView.State.RUNNING;
            all.setState(runs ? each.getState() : all.getState())
                    .setSegments(all.getSegments() + each.getSegments())
                    .setSegmentsDone(all.getSegmentsDone() + each.getSegmentsDone())
                    .setDamaged(all.getDamaged() + each.getDamaged())
                    .setMended(all.getMended() + each.getMended());
        }
        return all == null ? null : all.build();
    }

    private void round() {
        List<KeptSegment> all = segments.keptSegments();
        report(draft().setState(state(ScrubView.State.RUNNING))
                .setSegments(all.size())
                .setSegmentsDone(0));
        for (KeptSegment segment : all) {
            look(segment);
            report(draft().setSegmentsDone(draft().getSegmentsDone() + 1));
            if (!rounds.goOn(segment.bytes())) {
                break;
            }
        }
        report(draft().setState(state(ScrubView.State.IDLE)));
    }

    private void look(KeptSegment segment) {
        try {
            segments.verify(segment);
        } catch (IOException | RuntimeException e) {
            if (segments.keptSegments().contains(segment) && rounds.goOn(0)) {
                LOG.error("A kept segment is damaged, and is mended from other nodes: {}", e.getMessage());
                report(draft().setDamaged(draft().getDamaged() + 1));
                mend(segment);
            }
        }
    }

    private void mend(KeptSegment segment) {
        try {
            int fetched;
            synchronized (segments) {
                fetched = segments.mend(segment, others.get(), rounds::goOn);
            }
            report(draft().setMended(draft().getMended() + 1));
            LOG.warn("The kept segment {} is mended; {} bodies came from other nodes", segment.dataName(), fetched);
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "The kept segment {} can't be mended, it is tried again in the next round: {}",
                    segment.dataName(),
                    e.getMessage());
        }
    }

    private ScrubView.State state(ScrubView.State otherwise) {
        return rounds.isStopped() ? ScrubView.State.STOPPED : otherwise;
    }

    private ScrubView.Builder draft() {
        ScrubView last = view;
        return last == null ? ScrubView.newBuilder() : last.toBuilder();
    }

    private void report(ScrubView.Builder next) {
        view = next.build();
    }

    /** Ends the round under way and the thread. */
    @Override
    public void close() {
        rounds.close();
    }
}
