package io.eckermann.client.cli.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The backups in a vault. Used by one thread. */
public final class Archive implements AutoCloseable {
    private final Vault vault;
    private final Path scratch;

    /** Hears how far a long operation is. */
    @FunctionalInterface
    public interface Progress {
        void at(long bytes, long totalBytes);
    }

    private Archive(Vault vault, Path scratch) {
        this.vault = vault;
        this.scratch = scratch;
    }

    /** Opens it; closing it closes the vault. */
    public static Archive open(Vault vault) throws IOException {
        return new Archive(vault, Files.createTempDirectory("eckermann-backup"));
    }

    Vault vault() {
        return vault;
    }

    /** A file that is not there, for something to be fetched into. */
    Path scratch() throws IOException {
        Path file = scratch.resolve("file");
        Files.deleteIfExists(file);
        return file;
    }

    /**
     * All backups, the oldest first.
     *
     * @throws IOException that names the manifest, when one can't be read
     */
    public List<Manifest> list() throws IOException {
        List<Manifest> found = new ArrayList<>();
        for (String place : vault.names(Manifest.DIRECTORY)) {
            if (Manifest.isPlace(place)) {
                found.add(read(place));
            }
        }
        return found;
    }

    private Manifest read(String place) throws IOException {
        Path file = scratch();
        vault.get(place, file);
        return Manifest.decode(place, Files.readAllBytes(file));
    }

    /**
     * The one of this id, or the newest for an empty one.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Manifest find(List<Manifest> manifests, String id) {
        if (id.isEmpty() && !manifests.isEmpty()) {
            return manifests.get(manifests.size() - 1);
        }
        return manifests.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        id.isEmpty() ? "There is no backup." : "There is no backup " + id + "."));
    }

    /** Writes a manifest: with it the backup is there. */
    void add(Manifest manifest) throws IOException {
        Path file = scratch();
        Files.write(file, manifest.encode());
        vault.put(manifest.place(), file);
    }

    /**
     * Fetches every file of some backups once, and compares it with its digest.
     *
     * @return how many files that were
     * @throws IOException that names the first backup of which one is missing or damaged
     */
    public int verify(List<Manifest> manifests, Progress progress) throws IOException {
        Set<String> seen = new HashSet<>();
        long total = manifests.stream()
                .flatMap(manifest -> manifest.files().stream())
                .filter(file -> seen.add(file.place()))
                .mapToLong(Manifest.File::bytes)
                .sum();
        seen.clear();
        long bytes = 0;
        for (Manifest manifest : manifests) {
            for (Manifest.File file : manifest.files()) {
                if (seen.add(file.place())) {
                    fetch(manifest, file, scratch());
                    bytes += file.bytes();
                    progress.at(bytes, total);
                }
            }
        }
        return seen.size();
    }

    /** Fetches a backup's file, and compares it with its digest. */
    void fetch(Manifest manifest, Manifest.File file, Path to) throws IOException {
        String what = "The file " + file.name() + " (" + file.place() + ") of the backup " + manifest.id();
        try {
            vault.get(file.place(), to);
        } catch (NoSuchFileException e) {
            throw new IOException(what + " is missing.", e);
        }
        if (Files.size(to) != file.bytes() || !Sha256.of(to).equals(file.sha256())) {
            Files.delete(to);
            throw new IOException(what + " is damaged: it does not match its digest.");
        }
    }

    /**
     * Deletes a backup, and every file that no other one has. Not while another one is taken into the same vault.
     *
     * @return how many files
     */
    public int drop(Manifest dropped) throws IOException {
        List<Manifest> rest = new ArrayList<>(list());
        rest.remove(dropped);
        vault.delete(dropped.place());
        Set<String> needed = new HashSet<>();
        for (Manifest manifest : rest) {
            manifest.files().forEach(file -> needed.add(file.place()));
        }
        int deleted = 0;
        for (int shard = 0; shard < dropped.shards().size(); shard++) {
            vault.tidy(Manifest.directory(shard));
            for (String place : vault.names(Manifest.directory(shard))) {
                if (!needed.contains(place)) {
                    vault.delete(place);
                    deleted++;
                }
            }
        }
        return deleted;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(scratch.resolve("file"));
        Files.deleteIfExists(scratch);
        vault.close();
    }

    @Override
    public String toString() {
        return vault.toString();
    }
}
