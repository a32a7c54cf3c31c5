package io.eckermann.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.StateDigestView;
import io.eckermann.protocol.v1.StateDigestView.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DigestVerdictsTest {
    private static final String VERSION = "1";

    @Test
    void theOneThatDiffersIsNamedAndTheOthersAgree() {
        ClusterView view = judged(
                node("n1", VERSION, digest(7, "a"), digest(9, "b")),
                node("n2", VERSION, digest(9, "b")),
                node("n3", VERSION, digest(9, "c")));
        assertThat(verdicts(view)).containsExactly("n1 7 OPEN", "n1 9 AGREES", "n2 9 AGREES", "n3 9 DIFFERS");
    }

    @Test
    void nodesOfAnotherVersionAndOtherShardsAreNotCompared() {
        ClusterView view = judged(
                node("n1", VERSION, digest(9, "b")),
                node("n2", VERSION, digest(9, "b").setShard(1)),
                node("n3", "2", digest(9, "c")));
        assertThat(verdicts(view)).containsExactly("n1 9 OPEN", "n2 9 OPEN", "n3 9 OPEN");
    }

    @Test
    void stateThatCanNotBeReadIsLikeNoOther() {
        assertThat(verdicts(judged(
                        node("n1", VERSION, digest(9, "")),
                        node("n2", VERSION, digest(9, "")),
                        node("n3", VERSION, digest(9, "a")))))
                .containsExactly("n1 9 NO_MAJORITY", "n2 9 NO_MAJORITY", "n3 9 NO_MAJORITY");
        assertThat(DigestVerdicts.verdict("", List.of("", "a", "a"), 3)).isEqualTo(Verdict.DIFFERS);
    }

    /** What it comes to for whatever the rest of the members may still tell. */
    @Property(tries = 300)
    void verdictIsThatOfAllThatMayStillCome(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 2) Integer> known,
            @ForAll @IntRange(max = 3) int untold) {
        List<String> told =
                known.stream().map(each -> "abc".substring(each, each + 1)).toList();
        int members = told.size() + untold;
        for (String digest : told) {
            int own = Collections.frequency(told, digest);
            boolean another = told.stream().anyMatch(each -> !each.equals(digest) && isMajority(told, each, members));
            Verdict expected = 2 * own > members
                    ? Verdict.AGREES
                    : another ? Verdict.DIFFERS : mayCome(told, members) ? Verdict.OPEN : Verdict.NO_MAJORITY;
            assertThat(DigestVerdicts.verdict(digest, told, members))
                    .as("%s of %s, %s", digest, told, members)
                    .isEqualTo(expected);
        }
    }

    private static boolean mayCome(List<String> told, int members) {
        if (told.size() == members) {
            return told.stream().anyMatch(each -> isMajority(told, each, members));
        }
        for (String next : List.of("a", "b", "c", "d")) {
            List<String> longer = new ArrayList<>(told);
            longer.add(next);
            if (mayCome(longer, members)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isMajority(List<String> told, String digest, int members) {
        return 2 * Collections.frequency(told, digest) > members;
    }

    private static StateDigestView.Builder digest(long raftIndex, String sha256) {
        return StateDigestView.newBuilder().setRaftIndex(raftIndex).setSha256(sha256);
    }

    private static NodeView node(String id, String version, StateDigestView.Builder... digests) {
        NodeView.Builder node = NodeView.newBuilder().setId(id).setVersion(version);
        for (StateDigestView.Builder digest : digests) {
            node.addDigests(digest);
        }
        return node.build();
    }

    private static ClusterView judged(NodeView... nodes) {
        ClusterView.Builder view = ClusterView.newBuilder().addAllNodes(List.of(nodes));
        DigestVerdicts.judge(view, VERSION);
        return view.build();
    }

    private static List<String> verdicts(ClusterView view) {
        return view.getNodesList().stream()
                .flatMap(node -> node.getDigestsList().stream()
                        .map(digest -> node.getId() + " " + digest.getRaftIndex() + " " + digest.getVerdict()))
                .toList();
    }
}
