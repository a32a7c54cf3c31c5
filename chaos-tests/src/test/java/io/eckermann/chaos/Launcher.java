package io.eckermann.chaos;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The launcher of packaged nodes, which starts them sooner once it has rehearsed: most of a start is loading classes. */
final class Launcher {
    private static final Path HOME = Script.root().resolve("gateway-http/target");

    private static boolean rehearsed;

    private Launcher() {}

    /** A node that ends with its stdin, on the Java of this process; without this process's settings of nodes. */
    static ProcessBuilder node(List<String> arguments) throws IOException {
        rehearse();
        List<String> command = new ArrayList<>(List.of("serve", "--stop-on-stdin-eof"));
        command.addAll(arguments);
        return builder(command);
    }

    /** Makes the archive of classes, unless it is there; all that start nodes from then on use it. */
    static synchronized void rehearse() throws IOException {
        if (rehearsed) {
            return;
        }
        // One process at a time, because it first removes what others are for.
        try (FileChannel file = FileChannel.open(
                        HOME.resolve("rehearsal.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock alone = file.lock()) {
            assert alone.isValid();
            Path said = HOME.resolve("rehearsal.log");
            Process process = builder(List.of("rehearse"))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException("The rehearsal failed: " + Files.readString(said));
            }
            rehearsed = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while nodes were rehearsed", e);
        }
    }

    private static ProcessBuilder builder(List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of("sh", HOME.resolve("bin/eckermann-node").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("ECKERMANN_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }
}
