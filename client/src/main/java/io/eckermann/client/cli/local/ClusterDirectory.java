package io.eckermann.client.cli.local;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a local cluster: {@code cluster.json} says which nodes it has and on which ports, {@code up.json}
 * which processes run now, {@code up.lock} is held while they do, and each node keeps its data under its id.
 */
public final class ClusterDirectory implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NODE = Pattern.compile("n[0-9]{1,3}");

    private final Path root;
    private @Nullable FileChannel lockFile;

    /** Touches nothing. */
    public ClusterDirectory(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /**
     * What {@code cluster.json} holds.
     *
     * @param tls whether its doors encrypt, with the {@link #certificates}
     * @param secure whether they ask who calls; only with {@code tls}
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Cluster(String cluster, List<LocalNode> nodes, boolean tls, boolean secure) {}

    /** What {@code up.json} holds: the process that started the nodes, and theirs. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Running(long pid, List<NodePid> nodes) {}

    /** The process of a node. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record NodePid(String id, long pid) {}

    public Path root() {
        return root;
    }

    /** Those of a cluster that encrypts. */
    public DevelopmentCertificates certificates() {
        return new DevelopmentCertificates(root.resolve("tls"));
    }

    /** The file with the first administrator's key, if it is there. */
    public Optional<Path> firstKey(Cluster cluster) {
        return cluster.nodes().stream()
                .map(node -> node(node).resolve("data").resolve("admin.key"))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    public Path node(LocalNode node) {
        return root.resolve(node.id());
    }

    /**
     * Takes the directory for this process until {@link #close}, creating it when it is missing.
     *
     * @throws LocalException when another process has it, or it can't be written
     */
    public void lock() {
        try {
            Files.createDirectories(root);
            if (!isOurs() && !isEmpty()) {
                throw new LocalException(root + " holds other things than a local cluster: choose another --data.");
            }
            lockFile = FileChannel.open(root.resolve("up.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(lockFile)) {
                close();
                String by = running().map(r -> " (process " + r.pid() + ")").orElse("");
                throw new LocalException("A cluster already runs on " + root + by
                        + ": stop that one first, or choose another --data and other ports.");
            }
        } catch (IOException e) {
            throw new LocalException("The data directory " + root + " can't be used: " + reason(e) + ".", e);
        }
    }

    /** The cluster that was laid out here before, if any. */
    public Optional<Cluster> cluster() {
        return read("cluster.json", Cluster.class);
    }

    /** Makes up a cluster of these nodes and remembers it. */
    public Cluster create(List<LocalNode> nodes) {
        return create(nodes, false, false);
    }

    /** The same; with {@code tls}, a certificate for its nodes is made first. */
    public Cluster create(List<LocalNode> nodes, boolean tls, boolean secure) {
        if (tls) {
            certificates().issue("node", List.of("127.0.0.1", "localhost"));
        }
        Cluster cluster = new Cluster("local-" + UUID.randomUUID().toString().substring(0, 8), nodes, tls, secure);
        save(cluster);
        return cluster;
    }

    public void save(Cluster cluster) {
        write("cluster.json", cluster);
    }

    /** What runs here, as far as the file tells: its processes may have ended since. */
    public Optional<Running> running() {
        return read("up.json", Running.class);
    }

    void save(Running running) {
        write("up.json", running);
    }

    void forgetRunning() {
        try {
            Files.deleteIfExists(root.resolve("up.json"));
        } catch (IOException e) {
            throw new LocalException("up.json in " + root + " can't be removed: " + reason(e) + ".", e);
        }
    }

    /** Removes the nodes' data and the layout; never anything that {@code up} did not put here. Needs the lock. */
    public void removeCluster() {
        if (!isOurs()) {
            return;
        }
        try {
            for (Path node : nodeDirectories()) {
                deleteTree(node);
            }
            if (Files.isDirectory(root.resolve("tls"))) {
                deleteTree(root.resolve("tls"));
            }
            Files.deleteIfExists(root.resolve("up.json"));
            Files.deleteIfExists(root.resolve("cluster.json"));
        } catch (IOException e) {
            throw new LocalException("The cluster in " + root + " can't be removed: " + reason(e) + ".", e);
        }
    }

    /** Removes everything of this cluster, the directory itself too when nothing else is in it. */
    public void removeAll() {
        removeCluster();
        close();
        try {
            Files.deleteIfExists(root.resolve("up.lock"));
            if (isEmpty()) {
                Files.deleteIfExists(root);
            }
        } catch (IOException e) {
            throw new LocalException(root + " can't be removed: " + reason(e) + ".", e);
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        FileChannel held = lockFile;
        lockFile = null;
        try {
            if (held != null) {
                held.close();
            }
        } catch (IOException e) {
            throw new LocalException("up.lock in " + root + " can't be closed: " + reason(e) + ".", e);
        }
    }

    private static boolean tryLock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private boolean isOurs() {
        return Files.isRegularFile(root.resolve("cluster.json"));
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.allMatch(file -> file.endsWith("up.lock"));
        }
    }

    private List<Path> nodeDirectories() throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(file ->
                            NODE.matcher(String.valueOf(file.getFileName())).matches())
                    .toList();
        }
    }

    private <T> Optional<T> read(String name, Class<T> type) {
        Path file = root.resolve(name);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), type));
        } catch (IOException e) {
            throw new LocalException(file + " can't be read: " + reason(e) + ".", e);
        }
    }

    private void write(String name, Object value) {
        Path file = root.resolve(name);
        try {
            Path fresh = root.resolve(name + ".new");
            Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value));
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LocalException(file + " can't be written: " + reason(e) + ".", e);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }
}
