package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of docs name classes and tests; this keeps them true. */
class ArchitectureDocTest {
    private static final List<String> MODULES = List.of(
            "protocol", "state-machine", "raft-log", "client", "gateway-http", "chaos-tests", "benchmarks", "helm");

    /** A class's name in backticks, perhaps with its package before it or a method behind it. */
    private static final Pattern CLASS =
            Pattern.compile("`((?:[a-z]+\\.)*)([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.([a-z]\\w*))?`");

    private static final Pattern ERROR = Pattern.compile("(?m)^    ([A-Z_]+)\\((\\d{3}), ");

    @Test
    void everyClassNamedInTheArchitectureExists() throws IOException {
        assertThat(unknownIn("docs/ARCHITECTURE.md", 40)).isEmpty();
    }

    @Test
    void everyClassNamedInTheFormatsExists() throws IOException {
        assertThat(unknownIn("docs/formats.md", 25)).isEmpty();
    }

    @Test
    void everyTestNamedInTheGuaranteesExists() throws IOException {
        assertThat(unknownIn("docs/guarantees.md", 60)).isEmpty();
    }

    @Test
    void everyTestNamedInTheOperationsExists() throws IOException {
        assertThat(unknownIn("docs/operations.md", 5)).noneMatch(name -> name.contains("Test"));
        // Other names there are words of Kubernetes.
        assertThat(unknownIn("helm/README.md", 5)).noneMatch(name -> name.contains("Test"));
    }

    @Test
    void everyErrorIsOnTheHttpPageWithItsStatus() {
        String codes = text(Script.root().resolve("protocol/src/main/java/io/eckermann/protocol/ErrorCode.java"));
        String page = text(Script.root().resolve("docs/http.md"));
        List<MatchResult> declared = ERROR.matcher(codes).results().toList();
        assertThat(declared).hasSizeGreaterThan(20);
        assertThat(declared.stream().map(error -> "| `" + error.group(1) + "` | " + error.group(2) + " |"))
                .allMatch(page::contains);
    }

    private static List<String> unknownIn(String page, int namesMin) throws IOException {
        List<MatchResult> named = CLASS.matcher(Files.readString(Script.root().resolve(page)))
                .results()
                .toList();
        assertThat(named).hasSizeGreaterThan(namesMin);
        List<Path> sources = sources();
        return named.stream()
                .filter(name -> sources.stream().noneMatch(source -> holds(source, name)))
                .map(MatchResult::group)
                .toList();
    }

    private static boolean holds(Path source, MatchResult name) {
        String file = "/" + name.group(1).replace('.', '/') + name.group(2) + ".java";
        String method = name.group(3);
        return source.toString().endsWith(file)
                && (method == null || text(source).contains(" " + method + "("));
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(Script.root().resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
