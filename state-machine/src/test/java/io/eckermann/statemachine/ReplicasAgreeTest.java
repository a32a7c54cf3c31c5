package io.eckermann.statemachine;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Operations;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The same commands give the same state, however a replica came by them. */
class ReplicasAgreeTest {
    @Property(tries = 12)
    void replayedRestartedAndInstalledReplicasHaveOneDigest(
            @ForAll("logs") List<List<Operation>> log, @ForAll @IntRange(max = 20) int restartAt) throws IOException {
        Path directory = Files.createTempDirectory("replicas");
        try (TestStore first = new TestStore(directory.resolve("first"));
                StateMachine installed = TestStore.open(directory.resolve("installed"));
                StateMachine replayed = TestStore.open(directory.resolve("replayed"))) {
            for (int i = 0; i < log.size(); i++) {
                first.commit(1_000 + i / 2, log.get(i));
                if (i == restartAt) {
                    first.machine().takeSnapshot();
                    install(first, installed);
                    first.reopen();
                }
            }
            first.replayInto(installed);
            first.replayInto(replayed);
            assertThat(installed.digest()).isEqualTo(first.machine().digest());
            assertThat(replayed.digest()).isEqualTo(first.machine().digest());
            assertThat(replayed.applied())
                    .isEqualTo(installed.applied())
                    .isEqualTo(first.machine().applied());
        } finally {
            DurableFiles.delete(directory);
        }
    }

    @Provide
    Arbitrary<List<List<Operation>>> logs() {
        return Operations.lists().list().ofMinSize(3).ofMaxSize(25);
    }

    private static void install(TestStore from, StateMachine into) throws IOException {
        Path incoming = into.incoming();
        from.machine().linkLatestSnapshot(incoming);
        TestStore.replace(into, incoming);
    }
}
