package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.raftlog.restore.Bound;
import io.eckermann.raftlog.restore.NewBeginning;
import io.eckermann.statemachine.StateMachine;
import io.eckermann.statemachine.chunk.KeptSegment;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What nodes of every release have left on their disks is read and gone on with. The files are written once, by {@code
 * -Dfixtures.rewrite=true}, with the last build before a release; those of released versions are never written again.
 */
final class EarlierDataTest {
    private static final String[] SETTINGS = {
        "raft.segment-size=1MiB", "raft.snapshot-interval=1h", "retention.interval=1s", "scavenge.interval=1h"
    };

    /** The next one. */
    private static final String RELEASE = "0.1.0";

    @TempDir
    Path root;

    static List<String> releases() throws IOException {
        return KeptData.releases();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void whatAReleaseHasLeftIsReadAndGoneOnWith(String release) throws Exception {
        KeptData.unpack(release, root);
        Files.move(root.resolve("node"), root.resolve("n1"));
        assertRowsAreWhatTheLogSays();

        try (TestCluster cluster = new TestCluster(root, 1, SETTINGS);
                EveryKindOfData data = new EveryKindOfData(cluster)) {
            cluster.startAll();
            JsonNode answers = KeptData.answers(root);
            for (Map.Entry<String, JsonNode> answer : answers.properties()) {
                assertHolds(answer.getValue(), data.ask(answer.getKey()), answer.getKey());
            }
            for (Map.Entry<String, Integer> retry : EveryKindOfData.retries().entrySet()) {
                assertThat(data.send(retry.getKey()).statusCode())
                        .as(retry.getKey())
                        .isEqualTo(retry.getValue());
            }
            for (JsonNode topic : answers.path("/v1/topics").path("topics")) {
                String path = "/v1/topics/" + topic.path("name").asText() + "/events";
                assertThat(data.send("POST " + path + " {\"data\":0}").statusCode())
                        .as(path)
                        .isEqualTo(201);
            }
            assertThat(cluster.failStops()).isEmpty();
        }
    }

    /** Today's code makes of the log the rows that were made of it then. */
    private void assertRowsAreWhatTheLogSays() throws IOException {
        NewBeginning.Outcome rows;
        try (StateMachine state = StateMachine.open(root.resolve("n1/state"))) {
            rows = new NewBeginning.Outcome(state.applied().index(), state.digest());
        }
        Path nothing = Files.createDirectories(root.resolve("nothing"));
        Bound bound = new Bound(rows.raftIndex(), Long.MAX_VALUE);
        assertThat(NewBeginning.ofSnapshot(nothing, root.resolve("log"), root.resolve("replayed"), bound))
                .isEqualTo(rows);
    }

    /** All that was answered then is answered now; there may be more. */
    private static void assertHolds(JsonNode then, JsonNode now, String place) {
        if (then.isArray()) {
            assertThat(now).as(place).hasSameSizeAs(then);
            for (int i = 0; i < then.size(); i++) {
                assertHolds(then.get(i), now.path(i), place + " " + i);
            }
        } else if (then.isObject()) {
            for (Map.Entry<String, JsonNode> field : then.properties()) {
                assertHolds(field.getValue(), now.path(field.getKey()), place + " " + field.getKey());
            }
        } else {
            assertThat(now).as(place).isEqualTo(then);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "fixtures.rewrite", matches = "true")
    void thisVersionLeavesWhatIsKept() throws Exception {
        try (TestCluster cluster = new TestCluster(root, 1, SETTINGS);
                EveryKindOfData data = new EveryKindOfData(cluster)) {
            cluster.startAll();
            data.write();
            StateMachine state = cluster.running("n1").state();
            state.takeSnapshot();
            copyLog(state);
            assertThat(data.send("POST /v1/cluster/scavenge {\"action\":\"start\"}")
                            .statusCode())
                    .isLessThan(300);
            Await.until(
                    "a segment is packed",
                    () -> state.kept().segments().stream().anyMatch(KeptSegment::packed));
            KeptData.writeAnswers(root, data.answers());
        }
        Files.move(root.resolve("n1"), root.resolve("node"));
        KeptData.pack(RELEASE, root);
    }

    private void copyLog(StateMachine state) throws IOException {
        Path log = Files.createDirectories(root.resolve("log"));
        List<Path> copied = new ArrayList<>();
        for (KeptSegment segment : state.kept().segments()) {
            byte[] bytes = Files.readAllBytes(state.kept().data(segment));
            Path file = log.resolve("log_" + segment.first() + "-" + segment.last());
            copied.add(Files.write(file, Arrays.copyOf(bytes, (int) segment.bytes())));
        }
        assertThat(copied).hasSizeGreaterThan(1).isEqualTo(DurableFiles.list(log));
    }
}
