package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md names classes; this keeps it true. */
class ArchitectureDocTest {
    /** A class's name in backticks, perhaps with its package before it or a method behind it. */
    private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+\\.)*)([A-Z][A-Za-z0-9]+)(?:\\.[a-z]\\w*)?`");

    @Test
    void everyClassNamedInTheArchitectureExists() throws IOException {
        List<MatchResult> named = CLASS.matcher(Files.readString(Script.root().resolve("docs/ARCHITECTURE.md")))
                .results()
                .toList();
        assertThat(named).hasSizeGreaterThan(40);
        Set<String> sources = sources();
        assertThat(named.stream().map(name -> name.group(1).replace('.', '/') + name.group(2) + ".java"))
                .allMatch(file -> sources.stream().anyMatch(source -> source.endsWith("/" + file)));
    }

    private static Set<String> sources() throws IOException {
        Set<String> sources = new TreeSet<>();
        for (String module :
                List.of("protocol", "state-machine", "raft-log", "client", "gateway-http", "chaos-tests")) {
            for (String tree : List.of("src/main/java", "src/test/java")) {
                Path directory = Script.root().resolve(module).resolve(tree);
                if (Files.isDirectory(directory)) {
                    try (Stream<Path> files = Files.walk(directory)) {
                        sources.addAll(files.map(Path::toString)
                                .filter(name -> name.endsWith(".java"))
                                .collect(Collectors.toSet()));
                    }
                }
            }
        }
        return sources;
    }
}
