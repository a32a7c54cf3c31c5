package io.eckermann.chaos.meta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.shim.NativeTools;
import io.eckermann.chaos.shim.Shim;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeeperTest {
    private static final Path ROOT = Path.of(System.getProperty("eckermann.root", ".."));

    @TempDir
    private Path directory;

    /** With those jars alone that it is given. */
    @Test
    void whatTheNodesClassesHaveKeptTheyFindAgain() throws Exception {
        NativeTools tools = new NativeTools(ROOT.resolve("chaos-tests/native"), directory.resolve("native"));
        assumeTrue(tools.missing().isEmpty(), () -> tools.missing().orElse(""));
        Shim shim = new Shim(directory.resolve("page"), tools.library());
        TermAndVote vote = new TermAndVote(7, "n2");
        Keeper keeper = keeper(shim);
        try {
            assertThat(keeper.found()).isEqualTo(new TermAndVote(0, ""));
            assertThat(keeper.keeps(vote)).isTrue();
        } finally {
            keeper.kill();
        }
        Keeper again = keeper(shim);
        try {
            assertThat(again.found()).isEqualTo(vote);
        } finally {
            again.kill();
        }
    }

    private Keeper keeper(Shim shim) throws Exception {
        return new Keeper(NodeProgram.packaged(ROOT), shim, directory, directory.resolve("log"));
    }
}
