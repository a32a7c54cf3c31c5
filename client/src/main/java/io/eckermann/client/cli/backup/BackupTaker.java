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
    /** By shard, name and mark. */
    private final Map<String, Manifest.File> known = new HashMap<>();
    /** What the vault has. */
    private final Set<String> stored = new HashSet<>();

    private String clusterId = "";

    // Of one copy.
    private @Nullable StateCopy copy;
    private final Map<StateCopy.File, Manifest.File> taken = new HashMap<>();
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
    public List<StateCopy.File> choose(StateCopy offered) throws IOException {
        copy = offered;
        taken.clear();
        takenBytes = 0;
        lookThrough(offered);
        List<StateCopy.File> wanted = new ArrayList<>();
        totalBytes = 0;
        for (StateCopy.File each : offered.files()) {
            Manifest.File before =
                    each.mark().isEmpty() ? null : known.get(key(each.shard(), each.name(), each.mark()));
            if (before != null && before.bytes() == each.bytes()) {
                taken.put(each, before);
            } else {
                wanted.add(each);
                totalBytes += each.bytes();
            }
        }
        return wanted;
    }

    private void lookThrough(StateCopy offered) throws IOException {
        if (clusterId.equals(offered.clusterId())) {
            return;
        }
        stored.addAll(places(offered));
        for (Manifest manifest : archive.list()) {
            if (!manifest.clusterId().equals(offered.clusterId())) {
                throw new IOException("The backups in " + archive + " are of cluster " + manifest.clusterId()
                        + ", not of " + offered.clusterId() + ": give each cluster a place of its own.");
            }
            for (Manifest.File each : manifest.files()) {
                // A file that is missing by now is fetched once more.
                if (stored.contains(each.place())) {
                    known.put(key(each.shard(), each.name(), each.mark()), each);
                }
            }
        }
        clusterId = offered.clusterId();
    }

    /** All that the vault has of the shards. */
    private Set<String> places(StateCopy offered) throws IOException {
        Set<String> places = new HashSet<>();
        for (int shard = 0; shard < offered.shards().size(); shard++) {
            places.addAll(archive.vault().names(Manifest.directory(shard)));
        }
        return places;
    }

    private static String key(int shard, String name, String mark) {
        return shard + " " + name + " " + mark;
    }

    @Override
    public void data(StateCopy.File sent, long offset, ByteBuffer bytes) throws IOException {
        FileChannel out = file;
        if (out == null) {
            out = begin();
        }
        if (offset > length) {
            throw new IOException("The parts of " + sent.name() + " came out of order.");
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
    public void end(StateCopy.File sent, long bytes, int crc32c) throws IOException {
        FileChannel out = file == null ? begin() : file;
        out.close();
        file = null;
        if (bytes != sent.bytes() || bytes != length || (int) crc.getValue() != crc32c) {
            throw new IOException("The file " + sent.name() + " was damaged on its way.");
        }
        Manifest.File whole = new Manifest.File(sent.shard(), sent.name(), length, sent.mark(), digest.finish());
        if (!stored.contains(whole.place())) {
            archive.vault().put(whole.place(), path);
            stored.add(whole.place());
        }
        taken.put(sent, whole);
        if (!sent.mark().isEmpty()) {
            known.put(key(sent.shard(), sent.name(), sent.mark()), whole);
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
        Set<String> there = places(offered);
        List<Manifest.File> files = new ArrayList<>();
        for (StateCopy.File each : offered.files()) {
            Manifest.File whole = taken.get(each);
            if (whole == null) {
                throw new IOException("The file " + each.name() + " did not come.");
            }
            if (!there.contains(whole.place())) {
                throw new IOException("The file " + whole.place() + " has gone from " + archive
                        + " meanwhile: don't drop backups while one is taken. Take it once more.");
            }
            files.add(whole);
        }
        Manifest manifest = new Manifest(
                offered.clusterId(), offered.nodeId(), offered.version(), offered.time(), offered.shards(), files);
        archive.add(manifest);
        return manifest;
    }

    /** Bytes that were fetched of the last copy; what the archive had is not among them. */
    public long fetchedBytes() {
        return takenBytes;
    }
}
