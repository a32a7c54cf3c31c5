package io.eckermann.gateway;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.eckermann.statemachine.storage.DurableFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** As {@link AnyRequestTest}, with a fuzzer in the place of the dice: it learns which requests get further. */
class AnyRequestFuzzTest {
    private static final int REQUESTS_MAX = 60;

    @TempDir
    Path directory;

    @FuzzTest
    void anyRequestsAreRefusedOrAppliedAlikeByBothReplicas(byte[] data) throws Exception {
        DataRandom random = new DataRandom(data);
        // While it fuzzes, all inputs are tried in one directory.
        Path fresh = Files.createTempDirectory(directory, "input");
        try {
            AnyRequestTest.send(fresh, random, REQUESTS_MAX, () -> !random.isSpent());
        } finally {
            DurableFiles.delete(fresh);
        }
    }
}
