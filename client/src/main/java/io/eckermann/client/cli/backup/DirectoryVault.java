package io.eckermann.client.cli.backup;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
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
        Files.createDirectories(parent);
        Path draft = target.resolveSibling(target.getFileName() + DRAFT);
        Files.copy(file, draft, StandardCopyOption.REPLACE_EXISTING);
        sync(draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        sync(parent);
    }

    @Override
    public void get(String name, Path to) throws IOException {
        Files.copy(root.resolve(name), to);
    }

    @Override
    public List<String> names(String prefix) throws IOException {
        Path directory = root.resolve(prefix);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> prefix + file.getFileName())
                    .filter(name -> !name.endsWith(DRAFT))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(root.resolve(name));
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
