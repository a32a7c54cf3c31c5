package io.eckermann.helm.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A secret in a pod, as a kubelet keeps it there: each file is a link through one link, {@code ..data}, which is turned to
 * new files in one step. Used by one thread at a time.
 *
 * @param directory what the pod sees
 * @param secret the secret's files
 * @param items which of them the pod sees; empty for all
 * @param group that may read them
 */
record SecretVolume(Path directory, Path secret, List<String> items, String group) {
    /** Shows what the secret has now. */
    void write() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory(directory, "..");
        try (Stream<Path> files = Files.list(secret)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (items.isEmpty() || items.contains(name)) {
                    Files.copy(file, data.resolve(name));
                    Files.setPosixFilePermissions(data.resolve(name), PosixFilePermissions.fromString("r--r-----"));
                    link(name, "..data/" + name);
                }
            }
        }
        Shell.run("chgrp -R %1$s %2$s; chmod 2755 %2$s".formatted(group, data));
        Path fresh = directory.resolve("..fresh");
        Files.createSymbolicLink(fresh, data.getFileName());
        Files.move(fresh, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void link(String name, String to) throws IOException {
        Path link = directory.resolve(name);
        if (!Files.isSymbolicLink(link)) {
            Files.createSymbolicLink(link, Path.of(to));
        }
    }
}
