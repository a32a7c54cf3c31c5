package io.eckermann.client.cli.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** A directory. What is there is on the disk, with its name. */
final class DirectoryVault implements Vault {
    private static final String DRAFT = ".part";

    private final Path root;

    DirectoryVault(Path root) {
        this.root = root;
    }

    @Override
    public void put(String name, Path file) throws IOException {
        Path target = root.resolve(name);
        Path parent = Objects.requireNonNull(target.getParent());
        make(parent);
        // Under a name of its own: another process may put the same at the same time.
        Path draft = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + DRAFT);
        Files.copy(file, draft);
        sync(draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        sync(parent);
    }

    private static void make(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Path above = Objects.requireNonNull(directory.toAbsolutePath().getParent());
            make(above);
            Files.createDirectories(directory);
            sync(above);
        }
    }

    @Override
    public void get(String name, Path to) throws IOException {
        Files.copy(root.resolve(name), to);
    }

    @Override
    public List<String> names(String prefix) throws IOException {
        return all(prefix).stream().filter(name -> !name.endsWith(DRAFT)).toList();
    }

    private List<String> all(String prefix) throws IOException {
        Path directory = root.resolve(prefix);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> prefix + file.getFileName()).sorted().toList();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = root.resolve(name);
        if (Files.deleteIfExists(file)) {
            // What is deleted after it must not be gone alone.
            sync(Objects.requireNonNull(file.getParent()));
        }
    }

    @Override
    public void tidy(String prefix) throws IOException {
        for (String name : all(prefix)) {
            if (name.endsWith(DRAFT)) {
                delete(name);
            }
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return root.toString();
    }
}
