package org.apache.ratis.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileOutputStreamTest {
    @TempDir
    Path directory;

    @Test
    void theDirectoryIsForcedAfterTheRename() throws IOException {
        File file = directory.resolve("raft-meta.conf").toFile();
        List<String> forced = new ArrayList<>();
        AtomicFileOutputStream out = new AtomicFileOutputStream(
                file,
                AtomicFileOutputStream.getTemporaryFile(file),
                forcedDirectory -> forced.add(forcedDirectory + " " + Files.readString(file.toPath())));
        out.write("term=2".getBytes(StandardCharsets.UTF_8));
        assertThat(file).doesNotExist();
        out.close();
        assertThat(forced).containsExactly(directory.toAbsolutePath() + " term=2");
        assertThat(AtomicFileOutputStream.getTemporaryFile(file)).doesNotExist();
    }

    @Test
    void aVoteIsNotTakenForWrittenWhenTheDirectoryCannotBeForced() throws IOException {
        File file = directory.resolve("raft-meta").toFile();
        AtomicFileOutputStream out =
                new AtomicFileOutputStream(file, AtomicFileOutputStream.getTemporaryFile(file), forced -> {
                    throw new IOException("no");
                });
        assertThatThrownBy(out::close).isInstanceOf(IOException.class).hasMessage("no");
    }

    @Test
    void anAbortedFileLeavesTheOldOne() throws IOException {
        File file = directory.resolve("raft-meta").toFile();
        Files.writeString(file.toPath(), "old");
        AtomicFileOutputStream out = new AtomicFileOutputStream(file);
        out.write("new".getBytes(StandardCharsets.UTF_8));
        out.abort();
        assertThat(file).hasContent("old");
        assertThat(AtomicFileOutputStream.getTemporaryFile(file)).doesNotExist();
    }

    @Test
    void ourClassIsTheOneThatIsLoadedAndRatisHasAStockOneToo() throws IOException {
        assertThat(AtomicFileOutputStream.fsyncsDirectory()).isTrue();
        String name = AtomicFileOutputStream.class.getName().replace('.', '/') + ".class";
        assertThat(AtomicFileOutputStream.class.getClassLoader().resources(name).map(Object::toString))
                .hasSize(2)
                .first()
                .asString()
                .contains("raft-log");
    }
}
