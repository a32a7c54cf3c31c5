package io.eckermann.raftlog.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eckermann.statemachine.storage.DamagedFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoteFileTest {
    private static final String VOTE = "#\n#Sat Nov 28 08:41:51 UTC 2026\nterm=41\nvotedFor=n1\n";

    @TempDir
    Path log;

    @Test
    void whatWasWrittenIsFoundWholeAndOneBitMoreOrLessIsNot() throws IOException {
        byte[] written = write();
        VoteFile.check(log, true);

        for (int at = VOTE.indexOf("term"); at < VOTE.length() - 1; at++) {
            byte[] spoilt = written.clone();
            spoilt[at] ^= 1;
            Files.write(file(), spoilt);
            assertRefused("damaged");
        }
    }

    @Test
    void fileThatWasCutOffIsRefused() throws IOException {
        byte[] written = write();
        for (int end = 0; end < written.length; end++) {
            if (end != VOTE.length()) {
                Files.write(file(), Arrays.copyOf(written, end));
                assertRefused("damaged");
            }
        }
    }

    @Test
    void fileOfAnEarlierVersionHasNoChecksum() throws IOException {
        Files.writeString(file(), VOTE);
        assertThatCode(() -> VoteFile.check(log, true)).doesNotThrowAnyException();
        Files.writeString(file(), VOTE.replace("41", "4x"));
        assertRefused("damaged");
    }

    @Test
    void onlyALogThatWasNeverUsedMayHaveNone() {
        assertThatCode(() -> VoteFile.check(log, false)).doesNotThrowAnyException();
        assertRefused("missing");
    }

    private void assertRefused(String word) {
        assertThatThrownBy(() -> VoteFile.check(log, true))
                .isInstanceOf(DamagedFileException.class)
                .hasMessageContaining(file() + " with this node's term and vote is " + word)
                .satisfies(e -> assertThat(DamagedFileException.partIn(e)).isEqualTo(DamagedFileException.VOTE));
    }

    private byte[] write() throws IOException {
        try (AtomicFileOutputStream out = new AtomicFileOutputStream(file().toFile())) {
            out.write(VOTE.getBytes(StandardCharsets.UTF_8));
        }
        return Files.readAllBytes(file());
    }

    private Path file() {
        return log.resolve(VoteFile.NAME);
    }
}
