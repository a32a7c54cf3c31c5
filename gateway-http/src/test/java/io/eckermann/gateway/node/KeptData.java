package io.eckermann.gateway.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eckermann.statemachine.storage.DurableFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * What a node of some release has left on its disk, in one file named by the release: {@code node/} is its data directory,
 * {@code log/} has the Raft log from the first entry on, before segments of it were written anew, and {@code answers.json}
 * what the node answered to each of some paths.
 */
final class KeptData {
    private static final Path DIRECTORY = Path.of("src/test/resources/data");
    private static final String ENDING = ".zip";
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of no use to another process. */
    private static final Set<String> LEFT_OUT = Set.of("native", "lock", "LOCK", "LOG", "in_use.lock");

    private KeptData() {}

    /** By release. */
    static List<String> releases() throws IOException {
        return DurableFiles.list(DIRECTORY).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .filter(name -> name.endsWith(ENDING))
                .map(name -> name.substring(0, name.length() - ENDING.length()))
                .toList();
    }

    /** Unpacks what a release has left. */
    static void unpack(String release, Path into) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(DIRECTORY.resolve(release + ENDING)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = into.resolve(entry.getName());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(zip, file);
            }
        }
    }

    /** Packs what this release leaves. */
    static void pack(String release, Path from) throws IOException {
        Files.createDirectories(DIRECTORY);
        try (OutputStream out = Files.newOutputStream(DIRECTORY.resolve(release + ENDING));
                ZipOutputStream zip = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(from)) {
            zip.setLevel(9);
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                Path name = from.relativize(file);
                if (Stream.of(name.toString().split("/", -1)).noneMatch(LEFT_OUT::contains)) {
                    zip.putNextEntry(new ZipEntry(name.toString()));
                    Files.copy(file, zip);
                    zip.closeEntry();
                }
            }
        }
    }

    static void writeAnswers(Path directory, Map<String, JsonNode> answers) throws IOException {
        JSON.writeValue(directory.resolve("answers.json").toFile(), answers);
    }

    /** By the paths that were asked for. */
    static JsonNode answers(Path directory) throws IOException {
        return JSON.readTree(directory.resolve("answers.json").toFile());
    }
}
