package org.apache.ratis.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.zip.Checksum;
import org.apache.ratis.server.raftlog.segmented.SegmentCopy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds the class against the one in Ratis's jar, loaded beside it. */
class PureJavaCrc32CTest {
    private static final int ENTRIES = 250;

    @TempDir
    Path directory;

    private URLClassLoader stock;

    @BeforeEach
    void loadStockRatis() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            // All jars, and of our own only what writes and reads a segment: not the classes that stand in for Ratis's.
            if (element.endsWith(".jar") || element.endsWith("test-classes")) {
                urls.add(Path.of(element).toUri().toURL());
            }
        }
        stock = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @AfterEach
    void unloadStockRatis() throws Exception {
        stock.close();
    }

    private Object stockInstance(Class<?> type) throws ReflectiveOperationException {
        return stock.loadClass(type.getName()).getDeclaredConstructor().newInstance();
    }

    @Test
    void theClassBesideIsTheStockOne() throws Exception {
        Class<?> other = stock.loadClass(PureJavaCrc32C.class.getName());
        assertThat(other).isNotSameAs(PureJavaCrc32C.class);
        assertThat(Arrays.stream(other.getMethods()).map(java.lang.reflect.Method::getName))
                .doesNotContain("usesProcessor")
                .contains("update", "reset", "getValue");
    }

    @Test
    void sumsAreThoseOfTheStockClass() throws Exception {
        Checksum theirs = (Checksum) stockInstance(PureJavaCrc32C.class);
        PureJavaCrc32C ours = new PureJavaCrc32C();
        Random random = new Random(1);
        for (int length = 0; length < 600; length++) {
            byte[] bytes = new byte[length + 3];
            random.nextBytes(bytes);
            theirs.update(bytes, 3, length);
            ours.update(bytes, 3, length);
            theirs.update(length);
            ours.update(length);
            assertThat(ours.getValue()).isEqualTo(theirs.getValue());
            if (length % 5 == 0) {
                theirs.reset();
                ours.reset();
            }
        }
    }

    @Test
    void buffersAreSummedAsByTheStockClassAndStayWhereTheyAre() throws Exception {
        Object theirs = stockInstance(PureJavaCrc32C.class);
        java.lang.reflect.Method update = theirs.getClass().getMethod("update", ByteBuffer.class);
        PureJavaCrc32C ours = new PureJavaCrc32C();
        Random random = new Random(2);
        for (int length = 0; length < 300; length++) {
            byte[] bytes = new byte[length + 2];
            random.nextBytes(bytes);
            ByteBuffer buffer = length % 2 == 0 ? ByteBuffer.wrap(bytes) : ByteBuffer.allocateDirect(bytes.length);
            if (buffer.isDirect()) {
                buffer.put(bytes).rewind();
            }
            buffer.position(1).limit(length + 1);
            update.invoke(theirs, buffer.duplicate());
            ours.update(buffer);
            assertThat(buffer.remaining()).isEqualTo(length);
            assertThat(ours.getValue()).isEqualTo(((Checksum) theirs).getValue());
        }
    }

    @Test
    void segmentsAreByteForByteThoseOfStockRatis() throws Exception {
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        assertThat(new SegmentCopy.Writer().apply(ours, ENTRIES)).isTrue();
        assertThat(stockWriter().apply(theirs, ENTRIES)).isTrue();
        assertThat(Files.size(ours)).isGreaterThan(100_000);
        assertThat(Files.mismatch(ours, theirs)).isEqualTo(-1);
    }

    @Test
    void eachReadsWhatTheOtherWrote() throws Exception {
        Path ours = directory.resolve("ours");
        Path theirs = directory.resolve("theirs");
        assertThat(new SegmentCopy.Writer().apply(ours, ENTRIES)).isTrue();
        assertThat(stockWriter().apply(theirs, ENTRIES)).isTrue();
        assertThat(new SegmentCopy.Reader().apply(theirs)).isEqualTo(ENTRIES);
        assertThat(stockReader().apply(ours)).isEqualTo(ENTRIES);
    }

    @SuppressWarnings("unchecked") // The class is known by its name only, its type arguments are those of SegmentCopy.
    private BiFunction<Path, Integer, Boolean> stockWriter() throws ReflectiveOperationException {
        return (BiFunction<Path, Integer, Boolean>) stockInstance(SegmentCopy.Writer.class);
    }

    @SuppressWarnings("unchecked") // As above.
    private Function<Path, Integer> stockReader() throws ReflectiveOperationException {
        return (Function<Path, Integer>) stockInstance(SegmentCopy.Reader.class);
    }
}
