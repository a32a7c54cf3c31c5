package io.eckermann.client.cli.backup;

import io.eckermann.client.CopyReceiver;
import io.eckermann.client.StateCopy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Puts a copy into an archive: what earlier backups have of it is not fetched, and what the vault has is not stored again.
 * When a copy breaks off, the next one that this takes goes on with what was stored.
 */
public final class BackupTaker implements CopyReceiver {
    private final Archive archive;
    private final long bytesPerSecond;
    private final Archive.Progress progress;
    /** By name and mark. */
    private final Map<String, Manifest.File> known = new HashMap<>();
    /** What the vault has. */
    private final Set<String> stored = new HashSet<>();

    private String clusterId = "";

    // Of one copy.
    private @Nullable StateCopy copy;
    private final Map<String, Manifest.File> taken = new HashMap<>();
    private long totalBytes;
    private long takenBytes;

    // Of one file.
    private @Nullable FileChannel file;
    private Path path = Path.of("");
    private Sha256 digest = new Sha256();
    private final CRC32C crc = new CRC32C();
    private long length;

    /** @param bytesPerSecond 0: as much as is taken */
    public BackupTaker(Archive archive, long bytesPerSecond, Archive.Progress progress) {
        this.archive = archive;
        this.bytesPerSecond = bytesPerSecond;
        this.progress = progress;
    }

    /** Whose copy is cheapest: the node of the last backup, of whose segments most are there. Empty for any. */
    public String preferredNode() throws IOException {
        List<Manifest> before = archive.list();
        return before.isEmpty() ? "" : before.get(before.size() - 1).node();
    }

    @Override
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    @Override
    public List<String> choose(StateCopy offered) throws IOException {
        copy = offered;
        taken.clear();
        takenBytes = 0;
        lookThrough(offered);
        List<String> wanted = new ArrayList<>();
        totalBytes = 0;
        for (StateCopy.File each : offered.files()) {
            Manifest.File before = each.mark().isEmpty() ? null : known.get(key(each.name(), each.mark()));
            if (before != null && before.bytes() == each.bytes()) {
                taken.put(each.name(), before);
            } else {
                wanted.add(each.name());
                totalBytes += each.bytes();
            }
        }
        return wanted;
    }

    private void lookThrough(StateCopy offered) throws IOException {
        if (clusterId.equals(offered.clusterId())) {
            return;
        }
        stored.addAll(archive.vault().names(Manifest.directory(offered.shard())));
        for (Manifest manifest : archive.list()) {
            if (!manifest.clusterId().equals(offered.clusterId())) {
                throw new IOException("The backups in " + archive + " are of cluster " + manifest.clusterId()
                        + ", not of " + offered.clusterId() + ": give each cluster a place of its own.");
            }
            for (Manifest.File each : manifest.files()) {
                // A file that is missing by now is fetched once more.
                if (stored.contains(manifest.placeOf(each))) {
                    known.put(key(each.name(), each.mark()), each);
                }
            }
        }
        clusterId = offered.clusterId();
    }

    private static String key(String name, String mark) {
        return name + " " + mark;
    }

    @Override
    public void data(String name, long offset, ByteBuffer bytes) throws IOException {
        FileChannel out = file;
        if (out == null) {
            out = begin();
        }
        if (offset > length) {
            throw new IOException("The parts of " + name + " came out of order.");
        }
        crc.update(bytes.duplicate());
        digest.add(bytes.duplicate());
        takenBytes += bytes.remaining();
        while (bytes.hasRemaining()) {
            length += out.write(bytes);
        }
        progress.at(takenBytes, totalBytes);
    }

    private FileChannel begin() throws IOException {
        path = archive.scratch();
        digest = new Sha256();
        crc.reset();
        length = 0;
        FileChannel begun = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        file = begun;
        return begun;
    }

    @Override
    public void end(String name, long bytes, int crc32c) throws IOException {
        FileChannel out = file == null ? begin() : file;
        out.close();
        file = null;
        if (bytes != length || (int) crc.getValue() != crc32c) {
            throw new IOException("The file " + name + " was damaged on its way.");
        }
        StateCopy offered = Objects.requireNonNull(copy);
        String mark = offered.files().stream()
                .filter(each -> each.name().equals(name))
                .map(StateCopy.File::mark)
                .findFirst()
                .orElseThrow(() -> new IOException("A file " + name + " came that was not offered."));
        Manifest.File whole = new Manifest.File(name, length, mark, digest.finish());
        String place = Manifest.directory(offered.shard()) + whole.sha256();
        if (stored.add(place)) {
            archive.vault().put(place, path);
        }
        taken.put(name, whole);
        if (!mark.isEmpty()) {
            known.put(key(name, mark), whole);
        }
    }

    /** Closes what a copy left open that broke off. */
    public void brokeOff() throws IOException {
        FileChannel left = file;
        file = null;
        if (left != null) {
            left.close();
        }
    }

    /**
     * Writes the manifest of a copy that came whole.
     *
     * @throws IOException when it did not
     */
    public Manifest finish() throws IOException {
        StateCopy offered = Objects.requireNonNull(copy, "no copy came");
        List<Manifest.File> files = new ArrayList<>();
        for (StateCopy.File each : offered.files()) {
            Manifest.File whole = taken.get(each.name());
            if (whole == null || whole.bytes() != each.bytes()) {
                throw new IOException("The file " + each.name() + " did not come.");
            }
            files.add(whole);
        }
        Manifest manifest = new Manifest(
                offered.clusterId(),
                offered.nodeId(),
                offered.version(),
                offered.time(),
                offered.shard(),
                offered.term(),
                offered.raftIndex(),
                files);
        archive.add(manifest);
        return manifest;
    }

    /** Bytes that were fetched of the last copy; what the archive had is not among them. */
    public long fetchedBytes() {
        return takenBytes;
    }
}
