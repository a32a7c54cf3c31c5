package io.eckermann.gateway.cluster;

import io.eckermann.gateway.WriteRoute;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StateDigestView.Verdict;
import io.eckermann.raftlog.Leadership;
import io.eckermann.statemachine.command.Operation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has states compared now and then, by whoever leads a shard, and sees to what follows: a node whose state differs from what a
 * majority has must not go on. Where no majority has the same, nobody knows who is right, and that is only said. {@link #look}
 * is called by a timer, about once a second.
 */
public final class DigestWatch {
    private static final Logger LOG = LoggerFactory.getLogger(DigestWatch.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** So often the node sees that it differs before it ends: meanwhile the others hear of it, and can say who it was. */
    private static final int LOOKS = 4;

    private final String self;
    private final List<Part> parts;
    private final Duration interval;
    private final Supplier<ClusterView> view;
    private final Conviction conviction;
    private final Set<Integer> marking = ConcurrentHashMap.newKeySet();

    // Of the timer.
    private Set<String> said = Set.of();
    private int looks;

    /**
     * When and how fast.
     *
     * @param interval between two comparisons; zero for none by itself
     * @param bytesPerSecond how much of a state is read
     */
    public record Plan(Duration interval, long bytesPerSecond) {}

    /** This node's part in one shard. */
    public record Part(int shard, Supplier<Leadership> leadership, WriteRoute writes, StateDigests digests) {}

    /** What becomes of this node when its state differs. Called on the timer, once each. */
    public interface Conviction {
        /** From now on it serves nobody, and does not start with this state again. */
        void found(String why, long raftIndex);

        /** It ends. */
        void carriedOut(String why);
    }

    /**
     * Puts it together.
     *
     * @param interval between two comparisons; zero for none by itself
     * @param view with verdicts
     */
    public DigestWatch(
            String self, List<Part> parts, Duration interval, Supplier<ClusterView> view, Conviction conviction) {
        this.self = self;
        this.parts = parts;
        this.interval = interval;
        this.view = view;
        this.conviction = conviction;
    }

    /** Looks at everything once; never blocks. */
    public void look() {
        if (!interval.isZero()) {
            parts.forEach(this::markIfDue);
        }
        judge(view.get());
    }

    private void markIfDue(Part part) {
        Leadership now = part.leadership().get();
        boolean leads = now.role() == Leadership.Role.LEADER && now.leaderReady();
        if (!leads || part.digests().sinceMarked().compareTo(interval) < 0 || !marking.add(part.shard())) {
            return;
        }
        var unused = part.writes().submit(new Operation.MarkState(), TIMEOUT).whenComplete((done, failure) -> {
            marking.remove(part.shard());
            if (failure != null) {
                // Again every second: why nothing is written, others say.
                LOG.debug("States could not be compared, it is tried again: {}", failure.toString());
            }
        });
    }

    private void judge(ClusterView cluster) {
        Set<String> now = new HashSet<>();
        for (NodeView node : cluster.getNodesList()) {
            for (StateDigestView digest : node.getDigestsList()) {
                if (digest.getVerdict() == Verdict.DIFFERS || digest.getVerdict() == Verdict.NO_MAJORITY) {
                    say(now, node, digest);
                }
            }
        }
        said = now;
        cluster.getNodesList().stream()
                .filter(node -> node.getId().equals(self))
                .flatMap(node -> node.getDigestsList().stream())
                .filter(digest -> digest.getVerdict() == Verdict.DIFFERS)
                .findFirst()
                .ifPresent(this::convict);
    }

    private void say(Set<String> now, NodeView node, StateDigestView digest) {
        String place = place(digest);
        String sentence = digest.getVerdict() == Verdict.DIFFERS
                ? "The state of node " + node.getId() + " differs from that of a majority at " + place
                : "No majority of the nodes has the same state at " + place + ": nothing is done about that by itself";
        if (now.add(sentence) && !said.contains(sentence)) {
            LOG.error("{}", sentence);
        }
    }

    private void convict(StateDigestView digest) {
        looks++;
        String why = "The state of this node differs from that of a majority at " + place(digest);
        if (looks == 1) {
            conviction.found(why, digest.getRaftIndex());
        } else if (looks == LOOKS) {
            conviction.carriedOut(why);
        }
    }

    private static String place(StateDigestView digest) {
        return "entry " + digest.getRaftIndex() + " of shard " + digest.getShard();
    }
}
