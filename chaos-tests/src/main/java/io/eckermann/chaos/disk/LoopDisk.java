package io.eckermann.chaos.disk;

import io.eckermann.chaos.host.Commands;
import io.eckermann.chaos.host.Patience;
import io.eckermann.chaos.host.Resources;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A filesystem of its own in a file, whose power can be cut: what the journal has not written is lost. */
public final class LoopDisk implements Disk {
    /** What is in the file. */
    public enum Kind {
        /** With so many seconds between two writes of the journal that nobody asked for: so long, what nobody fsyncs is in memory only. */
        EXT4("ext4", "loop,commit=60", "mkfs.ext4 -q -F -m 0"),
        XFS("xfs", "loop,nouuid", "mkfs.xfs -q -f");

        private final String word;
        private final String options;
        private final String maker;

        Kind(String word, String options, String maker) {
            this.word = word;
            this.options = options;
            this.maker = maker;
        }

        /** As the kernel names it. */
        public String word() {
            return word;
        }

        /** What makes one, before the file's name. */
        private List<String> command() {
            return List.of(maker.split(" ", -1));
        }

        /** Why none can be made here; empty when it can. */
        public Optional<String> missing() {
            String tool = command().get(0);
            return Commands.find(tool).isPresent() ? Optional.empty() : Optional.of(tool + " is not there");
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Kind kind;
    private final Path image;
    private final Path mount;
    private final Path tool;
    private volatile boolean mounted;

    public LoopDisk(Kind kind, String name, Path directory, long bytes, Path tool, Resources resources)
            throws Exception {
        this.kind = kind;
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
        List<String> command = new ArrayList<>(kind.command());
        command.add(image.toString());
        Commands.run(command);
    }

    @Override
    public String name() {
        return kind.word + "-loop";
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
        unmount();
        Commands.run("mount", "-t", kind.word, "-o", kind.options, image.toString(), mount.toString());
        mounted = true;
    }

    /** Not to be asked of the mount itself: without power XFS does not even say that it is one. */
    private void unmount() throws Exception {
        if (!mounted) {
            return;
        }
        // The last of the killed process's files may be closing still.
        if (!Patience.until(PATIENCE, () -> Commands.works("umount", mount.toString()))) {
            throw new IOException("Can't be unmounted: " + mount);
        }
        mounted = false;
    }
}
