package io.eckermann.gateway.cluster;

import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StateDigestView.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what the members' states came to. Only at the same entry, and only of nodes of one version: another may keep rows
 * that this one does not. A majority is one of all members, whether they have told or not.
 */
final class DigestVerdicts {
    private DigestVerdicts() {}

    /** Fills in the verdicts on all digests in the view. */
    static void judge(ClusterView.Builder view, String version) {
        for (NodeView.Builder node : view.getNodesBuilderList()) {
            for (StateDigestView.Builder digest : node.getDigestsBuilderList()) {
                digest.setVerdict(
                        node.getVersion().equals(version)
                                ? verdict(digest.getSha256(), told(view, digest, version), view.getNodesCount())
                                : Verdict.OPEN);
            }
        }
    }

    private static List<String> told(ClusterView.Builder view, StateDigestView.Builder at, String version) {
        List<String> told = new ArrayList<>();
        for (NodeView.Builder node : view.getNodesBuilderList()) {
            node.getDigestsList().stream()
                    .filter(each -> each.getShard() == at.getShard() && each.getRaftIndex() == at.getRaftIndex())
                    .filter(each -> node.getVersion().equals(version))
                    .limit(1)
                    .forEach(each -> told.add(each.getSha256()));
        }
        return told;
    }

    /**
     * The verdict on one digest.
     *
     * @param digest empty for a state that can't be read, which is like no other
     * @param told all there are at the entry, this one too
     * @param members how many could tell
     */
    static Verdict verdict(String digest, List<String> told, int members) {
        int majority = members / 2 + 1;
        Map<String, Integer> counts = new HashMap<>();
        int most = 0;
        for (String each : told) {
            if (!each.isEmpty()) {
                most = Math.max(most, counts.merge(each, 1, Integer::sum));
            }
        }
        if (counts.getOrDefault(digest, 0) >= majority) {
            return Verdict.AGREES;
        }
        if (most >= majority) {
            return Verdict.DIFFERS;
        }
        return most + members - told.size() >= majority ? Verdict.OPEN : Verdict.NO_MAJORITY;
    }
}
