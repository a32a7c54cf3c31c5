package io.eckermann.chaos.disk;

import io.eckermann.chaos.host.Commands;
import io.eckermann.chaos.host.Resources;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory, or a small filesystem in memory: nothing can be lost, because there is no power to cut. */
public final class PlainDisk implements Disk {
    private final Path mount;
    private final boolean small;

    private PlainDisk(Path mount, boolean small) {
        this.mount = mount;
        this.small = small;
    }

    public static PlainDisk directory(String name, Path directory, Resources resources) throws Exception {
        Path mount = directory.resolve(name);
        resources.make("directory", mount.toString(), () -> Files.createDirectories(mount), () -> {});
        return new PlainDisk(mount, false);
    }

    /** In memory; this JVM must be in a mount namespace of its own. */
    public static PlainDisk memory(String name, Path directory, long bytes, Resources resources) throws Exception {
        Path mount = Files.createDirectories(directory.resolve(name));
        resources.make(
                "mount",
                mount.toString(),
                () -> Commands.run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", mount.toString()),
                () -> Commands.run("umount", mount.toString()));
        return new PlainDisk(mount, true);
    }

    @Override
    public String name() {
        return small ? "tmpfs" : "directory";
    }

    @Override
    public Path mount() {
        return mount;
    }

    @Override
    public boolean hasPower() {
        return false;
    }

    @Override
    public boolean isSmall() {
        return small;
    }

    @Override
    public void cutPower() {
        throw new UnsupportedOperationException("has no power to cut");
    }

    @Override
    public void restorePower() {
        throw new UnsupportedOperationException("has no power to restore");
    }
}
