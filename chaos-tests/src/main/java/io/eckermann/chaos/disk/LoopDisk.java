package io.eckermann.chaos.disk;

import io.eckermann.chaos.host.Commands;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.host.Resources;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A filesystem of its own in a file, whose power can be cut: what the journal has not written is lost. */
public final class LoopDisk implements Disk {
    /** Seconds between two writes of the journal that nobody asked for: so long, what nobody fsyncs is in memory only. */
    private static final String OPTIONS = "loop,commit=60";

    private final Path image;
    private final Path mount;
    private final Path tool;

    public LoopDisk(String name, Path directory, long bytes, Path tool, Resources resources) throws Exception {
        this.image = directory.resolve(name + ".img");
        this.mount = Files.createDirectories(directory.resolve(name));
        this.tool = tool;
        resources.make("image", image.toString(), () -> format(bytes), () -> Files.deleteIfExists(image));
        resources.make("mount", mount.toString(), this::restorePower, this::unmount);
    }

    private void format(long bytes) throws IOException, InterruptedException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        Commands.run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
    }

    @Override
    public String name() {
        return "ext4-loop";
    }

    @Override
    public Path mount() {
        return mount;
    }

    @Override
    public boolean hasPower() {
        return true;
    }

    @Override
    public boolean isSmall() {
        return true;
    }

    @Override
    public void cutPower() throws Exception {
        Commands.run(tool.toString(), "cut", mount.toString());
    }

    @Override
    public void restorePower() throws Exception {
        if (Commands.works("mountpoint", "-q", mount.toString())) {
            unmount();
        }
        Commands.run("mount", "-t", "ext4", "-o", OPTIONS, image.toString(), mount.toString());
    }

    private void unmount() throws Exception {
        // The last of the killed process's files may be closing still.
        if (!Patience.until(Duration.ofSeconds(10), () -> Commands.works("umount", mount.toString()))) {
            throw new IOException("Can't be unmounted: " + mount);
        }
    }
}
