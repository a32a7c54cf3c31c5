package io.eckermann.gateway.peers;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** A small file of {@code name=value} lines that is replaced as a whole and survives power loss once written. */
public final class DurableFile {
    private DurableFile() {}

    /** Reads all values; empty when there is no such file. */
    public static Map<String, String> read(Path file) throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            Properties properties = new Properties();
            try {
                properties.load(new StringReader(Files.readString(file)));
            } catch (IllegalArgumentException | CharacterCodingException e) {
                throw new IOException(file + " is damaged", e);
            }
            properties.forEach((name, value) -> values.put((String) name, (String) value));
        }
        return values;
    }

    /** Replaces the file: a crash leaves the old values or the new ones. Names and values are plain words. */
    public static void write(Path file, Map<String, String> values) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values)
                .forEach((name, value) ->
                        text.append(name).append('=').append(value).append('\n'));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        sync(fresh);
        Files.move(fresh, file, ATOMIC_MOVE);
        syncParent(file);
    }

    /** Makes a file's bytes durable. */
    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes a file's name durable. */
    public static void syncParent(Path file) throws IOException {
        syncDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
