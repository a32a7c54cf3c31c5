package io.eckermann.statemachine.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BodyReadsTest {
    @Test
    void equalAddressesSideBySideAreReadOnce(@TempDir Path directory) throws IOException {
        Path path = Files.writeString(directory.resolve("bodies"), "aaabbbbcc");
        SharedFile file = SharedFile.open(path);
        ChunkAddress a = new ChunkAddress(1, 0, 0, 3);
        ChunkAddress b = new ChunkAddress(1, 0, 3, 4);
        ChunkAddress c = new ChunkAddress(1, 0, 7, 2);
        List<@Nullable ByteString> forward = BodyReads.find(List.of(a, b, b, b, c, c), at -> place(file, at));
        assertThat(texts(forward)).containsExactly("aaa", "bbbb", "bbbb", "bbbb", "cc", "cc");
        assertThat(forward.get(2)).isSameAs(forward.get(1));
        assertThat(forward.get(3)).isSameAs(forward.get(1));
        assertThat(forward.get(5)).isSameAs(forward.get(4));
        List<@Nullable ByteString> backward = BodyReads.find(List.of(c, b, b, a), at -> place(file, at));
        assertThat(texts(backward)).containsExactly("cc", "bbbb", "bbbb", "aaa");
        assertThat(backward.get(2)).isSameAs(backward.get(1));
        file.release();
        assertThat(file.isOpen()).as("every place was given back").isFalse();
    }

    private static BodyReads.Place place(SharedFile file, ChunkAddress at) {
        assertThat(file.acquire()).isTrue();
        return new BodyReads.Place(file, at.offset(), at.length());
    }

    private static List<String> texts(List<@Nullable ByteString> bodies) {
        return bodies.stream()
                .map(body -> body == null ? "nothing" : body.toStringUtf8())
                .toList();
    }
}
