package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.statemachine.Scavenging;
import io.eckermann.statemachine.Scavenging.Use;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back the space that dead events take on this node: now and then it drops the kept segments of which nothing is
 * live, and writes anew those of which little is, or that hold deleted events; and has the index compacted where many rows
 * went at once. It has a thread of its own, which is never interrupted: files that others read would be closed. Commands come on any thread.
 */
public final class Scavenger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scavenger.class);

    /** Drafts beside the segments that they will replace: they take space, too. */
    private static final int DRAFTS_MAX = 16;

    /**
     * When and how fast.
     *
     * @param interval between two rounds
     * @param livePercent segments of which less is live are written anew
     * @param bytesPerSecond how much of them is read
     */
    public record Plan(Duration interval, int livePercent, long bytesPerSecond) {}

    private final Scavenging scavenging;
    private final Plan plan;
    private final Rounds rounds;

    /** Segments that can't be written anew: said once. Of the thread. */
    private final Set<String> damaged = new HashSet<>();

    private volatile @Nullable ScavengeView view;

    /** Does nothing until {@link #open}. */
    public Scavenger(String nodeId, Scavenging scavenging, Plan plan) {
        this.scavenging = scavenging;
        this.plan = plan;
        this.rounds = new Rounds("scavenger-" + nodeId, plan.interval(), plan.bytesPerSecond(), this::round);
    }

    /** Begins; the first round comes after one interval. */
    public void open() {
        rounds.open();
    }

    /** Begins a round as soon as it can, also after {@link #stop}. */
    public void start() {
        rounds.start();
    }

    /** Ends the round under way, with what it has written so far, and begins no other until {@link #start}. */
    public void stop() {
        rounds.stop();
        report(ScavengeView.State.STOPPED);
    }

    /** As of the last look; null before the first. */
    public @Nullable ScavengeView view() {
        return view;
    }

    /** What several of them, of one node, say together; null while one has not looked yet. */
    public static @Nullable ScavengeView together(List<@Nullable ScavengeView> views) {
        ScavengeView all = views.get(0);
        for (ScavengeView each : views.subList(1, views.size())) {
            if (all == null || each == null) {
                return null;
            }
            boolean runs = each.getState() == ScavengeView.State.RUNNING;
            all = all.toBuilder()
                    .setState(runs ? each.getState() : all.getState())
                    .setDeadBytes(all.getDeadBytes() + each.getDeadBytes())
                    .setSegments(all.getSegments() + each.getSegments())
                    .setSegmentsDone(all.getSegmentsDone() + each.getSegmentsDone())
                    .setFreedBytes(all.getFreedBytes() + each.getFreedBytes())
                    .build();
        }
        return all;
    }

    private void round() {
        try {
            List<Use> uses = scavenging.survey();
            List<Use> chosen = chosen(uses);
            long dead = uses.stream().mapToLong(Use::deadBytes).sum();
            report(draft().setState(state(ScavengeView.State.RUNNING))
                    .setDeadBytes(dead)
                    .setSegments(chosen.size())
                    .setSegmentsDone(0));
            for (int from = 0; from < chosen.size() && rounds.goOn(0); from += DRAFTS_MAX) {
                rewrite(chosen.subList(from, Math.min(chosen.size(), from + DRAFTS_MAX)));
            }
            compactIndex();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Dead events' space could not be given back, it is tried again: {}", e.toString());
            abandon();
        }
        report(state(ScavengeView.State.IDLE));
    }

    /** Those that cost least first. The newest segment may be about to be replaced by a longer one. */
    private List<Use> chosen(List<Use> uses) {
        long newest = uses.stream().mapToLong(use -> use.segment().last()).max().orElse(-1);
        List<Use> dead = new ArrayList<>();
        List<Use> erase = new ArrayList<>();
        List<Use> sparse = new ArrayList<>();
        for (Use use : uses) {
            if (use.segment().last() == newest) {
                continue;
            }
            if (use.liveBytes() == 0 && (use.bodyBytes() > 0 || !use.segment().packed())) {
                dead.add(use);
            } else if (use.mustErase()) {
                erase.add(use);
            } else if (use.liveBytes() * 100 < use.bodyBytes() * plan.livePercent()) {
                sparse.add(use);
            }
        }
        dead.addAll(erase);
        dead.addAll(sparse);
        return dead;
    }

    private void rewrite(List<Use> chosen) throws IOException {
        long freed;
        // The scrubber writes segments anew, too.
        synchronized (scavenging) {
            write(chosen);
            freed = scavenging.finish();
        }
        report(draft().setSegmentsDone(draft().getSegmentsDone() + chosen.size())
                .setFreedBytes(draft().getFreedBytes() + freed)
                .setDeadBytes(Math.max(0, draft().getDeadBytes() - freed)));
        if (freed > 0) {
            LOG.info("Gave back {} bytes of {} kept segments", freed, chosen.size());
        }
    }

    private void write(List<Use> chosen) {
        for (Use use : chosen) {
            try {
                if (!scavenging.write(use, rounds::goOn)) {
                    break;
                }
            } catch (IOException e) {
                if (damaged.add(use.segment().dataName())) {
                    LOG.error("A kept segment stays as it is: {}", e.getMessage());
                }
            }
        }
    }

    private void compactIndex() {
        long freed = rounds.goOn(0) ? scavenging.compactIndex() : 0;
        if (freed > 0) {
            LOG.info("Gave back about {} bytes of the index", freed);
        }
    }

    private void abandon() {
        try {
            scavenging.abandon();
        } catch (IOException e) {
            LOG.warn("Drafts of segments are left, the next start deletes them: {}", e.toString());
        }
    }

    private ScavengeView.State state(ScavengeView.State otherwise) {
        return rounds.isStopped() ? ScavengeView.State.STOPPED : otherwise;
    }

    private ScavengeView.Builder draft() {
        ScavengeView last = view;
        return last == null ? ScavengeView.newBuilder() : last.toBuilder();
    }

    private void report(ScavengeView.State state) {
        report(draft().setState(state));
    }

    private void report(ScavengeView.Builder next) {
        view = next.build();
    }

    /** Ends the round under way and the thread. */
    @Override
    public void close() {
        rounds.close();
    }
}
