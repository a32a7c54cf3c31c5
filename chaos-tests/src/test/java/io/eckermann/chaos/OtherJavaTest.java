package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.eckermann.chaos.Script.Ended;
import io.eckermann.chaos.Up.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Whole clusters on the other versions of Java of this machine: those in /usr/lib/jvm and in $JAVA_HOMES. */
@EnabledIfSystemProperty(named = "chaos.long", matches = "true")
class OtherJavaTest {
    private static final Path USUAL = Path.of("/usr/lib/jvm");
    private static final int OLDEST = 17;
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"([0-9]+)");

    @TempDir
    private Path directory;

    @Test
    void clusterAndCommandsRunOnOtherVersionsOfJavaWithoutAWarning() throws Exception {
        Map<Integer, Path> others = others();
        assumeFalse(others.isEmpty(), "no other Java in " + USUAL + " or $JAVA_HOMES");
        for (Path java : others.values()) {
            Path here = Files.createDirectory(directory.resolve(String.valueOf(java.getFileName())));
            Script eckermann = new Script(here, Map.of("JAVA_HOME", java.toString()));
            try (Up up = eckermann.up("--data", "data", "--http-port", "0", "--grpc-port", "0")) {
                for (Node node : up.nodes()) {
                    assertThat(node.process().orElseThrow().info().command().orElseThrow())
                            .startsWith(java.toRealPath().toString());
                }
                quiet(eckermann.run("topic", "create", "orders", "--timeout", "60s"));
                quiet(eckermann.run("append", "orders", "{\"n\":1}", "--timeout", "60s"));
                Ended read = quiet(eckermann.run("read", "orders", "-o", "json", "--timeout", "60s"));
                assertThat(read.json()
                                .path("events")
                                .path(0)
                                .path("data")
                                .path("n")
                                .asInt())
                        .isEqualTo(1);
                assertThat(up.stop()).isZero();
                for (Node node : up.nodes()) {
                    assertThat(here.resolve("data").resolve(node.id()).resolve("log/node.log"))
                            .content()
                            .doesNotContainIgnoringCase("warning: ");
                }
            }
        }
    }

    private static Ended quiet(Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.err()).doesNotContainIgnoringCase("warning");
        return ended;
    }

    /** One for each version but that of this process. */
    private static Map<Integer, Path> others() throws IOException {
        TreeSet<Path> homes = new TreeSet<>();
        if (Files.isDirectory(USUAL)) {
            try (Stream<Path> files = Files.list(USUAL)) {
                files.forEach(homes::add);
            }
        }
        String more = System.getenv("JAVA_HOMES");
        Stream.of((more == null ? "" : more).split(":"))
                .filter(home -> !home.isEmpty())
                .map(Path::of)
                .forEach(homes::add);
        Map<Integer, Path> others = new TreeMap<>();
        for (Path home : homes) {
            int version = version(home);
            if (version >= OLDEST && version != Runtime.version().feature()) {
                others.putIfAbsent(version, home);
            }
        }
        return others;
    }

    /** 0 when there is none. */
    private static int version(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
            return 0;
        }
        List<Integer> versions = VERSION.matcher(Files.readString(release))
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        return versions.isEmpty() ? 0 : versions.get(0);
    }
}
