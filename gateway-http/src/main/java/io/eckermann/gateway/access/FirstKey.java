package io.eckermann.gateway.access;

import io.eckermann.gateway.Failures;
import io.eckermann.gateway.WriteRoute;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.AccessChange;
import io.eckermann.statemachine.log.v1.PutKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of the first administrator: made by the leader of a cluster that has no rules, and left in a file that only the
 * node's user may read. Not in the log, which goes to places where more people look. {@link #look} is called by a timer.
 */
public final class FirstKey {
    /** Whose it is. */
    public static final String PRINCIPAL = "admin";

    private static final Logger LOG = LoggerFactory.getLogger(FirstKey.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Path file;
    private final Access access;
    private final WriteRoute writes;
    private boolean busy;

    /** @param file what it is written to */
    public FirstKey(Path file, Access access, WriteRoute writes) {
        this.file = file;
        this.access = access;
        this.writes = writes;
    }

    /** Makes it if there must be one; called while this node leads. Touches the disk then. */
    public void look() {
        if (!access.isNew() || !begin()) {
            return;
        }
        KeyText key;
        boolean made;
        try {
            // That of an earlier try, whose outcome may be unknown: it must not be lost if it was made.
            Optional<KeyText> before = read();
            made = before.isEmpty();
            key = made ? KeyText.make(new SecureRandom()) : before.get();
            if (made) {
                write(key);
            }
        } catch (IOException e) {
            end();
            throw new UncheckedIOException("The first administrator's key cannot be written to " + file, e);
        }
        propose(key, made);
    }

    private void propose(KeyText key, boolean fresh) {
        AccessChange change = AccessChange.newBuilder()
                .setPutKey(PutKey.newBuilder()
                        .setId(key.id())
                        .setPrincipal(PRINCIPAL)
                        .setSecretSha256(key.sha256())
                        .setNote("the first")
                        .setFirst(true))
                .build();
        CompletableFuture<Result> proposed =
                Failures.guarded(() -> writes.submit(new Operation.ChangeAccess(change), TIMEOUT));
        Failures.whenDone(
                proposed,
                result -> {
                    if (!(result instanceof Result.Refused)) {
                        LOG.info(
                                "The first administrator's key, of principal {}, is in {}: take it, and delete the file",
                                PRINCIPAL,
                                file);
                    } else if (fresh) {
                        forget();
                    }
                    end();
                },
                failure -> {
                    // It may have been made: then the file has it, and there is no second one.
                    LOG.warn("It is not known whether the first administrator's key was made: {}", failure.toString());
                    end();
                });
    }

    private synchronized boolean begin() {
        boolean was = busy;
        busy = true;
        return !was;
    }

    private synchronized void end() {
        busy = false;
    }

    private Optional<KeyText> read() throws IOException {
        return Files.exists(file)
                ? KeyText.parse(
                        Files.readString(file, StandardCharsets.US_ASCII).strip())
                : Optional.empty();
    }

    private void write(KeyText key) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(draft);
        FileAttribute<?>[] mine =
                file.getFileSystem().supportedFileAttributeViews().contains("posix")
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        Files.newByteChannel(draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mine)
                .close();
        Files.write(draft, (key.secretText() + "\n").getBytes(StandardCharsets.US_ASCII));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} holds a key that opens nothing, and cannot be deleted: {}", file, e.toString());
        }
    }
}
