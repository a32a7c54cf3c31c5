package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class IndexDamageTest {
    @Test
    void damageIsWhatIsNotAsItWasWrittenAndNotWhatCannotBeRead() {
        assertThat(isDamage(Status.Code.Corruption, "block checksum mismatch")).isTrue();
        assertThat(isDamage(Status.Code.Corruption, "IO error: No such file or directory: While open a file: /7.sst"))
                .isTrue();
        assertThat(isDamage(Status.Code.Corruption, "IO error: Too many open files: While open a file: /7.sst"))
                .isFalse();
        assertThat(isDamage(Status.Code.Corruption, "IO error: Input/output error: While open a file: /7.sst"))
                .isFalse();
        assertThat(isDamage(Status.Code.IOError, "IO error: No space left on device"))
                .isFalse();
    }

    private static boolean isDamage(Status.Code code, String state) {
        RocksDBException failure =
                new RocksDBException(code + ": " + state, new Status(code, Status.SubCode.None, state));
        return IndexDamage.isCauseOf(new IOException("it cannot be opened", failure));
    }
}
