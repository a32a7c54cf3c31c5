package io.eckermann.statemachine.storage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    Path directory;

    @Test
    void placeWhereItCannotBeUnpackedIsNamed() {
        Path target = directory.resolve("native");
        assertThatThrownBy(() -> NativeLibrary.load(target, into -> {
                    throw new IOException("File too large");
                }))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(target.toString())
                .hasMessageContaining("File too large");
    }
}
