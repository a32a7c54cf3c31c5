package io.eckermann.chaos.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where the files of a run are, laid out as Jepsen does: {@code store/NAME/TIME}, with links {@code latest} to the last.
 *
 * @param directory of the one run
 */
record Place(Path directory) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    static Place create(Path store, String name) throws IOException {
        Path directory =
                store.resolve(name).resolve(TIME.format(Clock.systemUTC().instant()));
        Files.createDirectories(directory);
        link(store.resolve("latest"), store.relativize(directory));
        link(store.resolve(name).resolve("latest"), directory.getFileName());
        return new Place(directory);
    }

    private static void link(Path link, Path target) throws IOException {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
    }

    Path history() {
        return directory.resolve("history.edn");
    }

    Path test() {
        return directory.resolve("test.edn");
    }

    /** What the nodes' processes used. */
    Path samples() {
        return directory.resolve("samples.edn");
    }

    Path resources() {
        return directory.resolve("resources.edn");
    }
}
