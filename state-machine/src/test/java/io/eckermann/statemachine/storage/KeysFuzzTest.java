package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/** Keys that begin with any bytes. */
class KeysFuzzTest {
    @FuzzTest
    void whatFollowsAPrefixIsReadAgainAndSortsBeforeWhatIsBehindIt(byte[] prefix) {
        byte[] key = Key.of(prefix).then(7L).then("name").bytes();
        assertThat(Arrays.copyOf(key, prefix.length)).isEqualTo(prefix);
        assertThat(Key.longAt(key, prefix.length)).isEqualTo(7);
        assertThat(Key.nameAt(key, prefix.length + Long.BYTES)).isEqualTo("name");
        try {
            byte[] behind = Key.afterPrefix(prefix);
            assertThat(Arrays.compareUnsigned(behind, key)).isPositive();
            assertThat(Arrays.compareUnsigned(behind, prefix)).isPositive();
        } catch (IllegalArgumentException e) {
            for (byte each : prefix) {
                assertThat(each).isEqualTo((byte) 0xff);
            }
        }
    }
}
