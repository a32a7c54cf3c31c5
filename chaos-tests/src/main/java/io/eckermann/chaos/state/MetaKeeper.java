package io.eckermann.chaos.state;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.util.SizeInBytes;

/**
 * A program that keeps terms and votes as a node does, with the node's own jars: says what Ratis finds when it starts, then
 * persists each term and vote that it reads from stdin, and says when Ratis takes it for safe.
 */
public final class MetaKeeper {
    /** Before what was found, and before what was persisted. */
    public static final String FOUND = "found ";

    public static final String KEPT = "kept ";

    private MetaKeeper() {}

    /** Keeps them in the directory that is named, until stdin ends. */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        try (RaftStorage storage = RaftStorage.newBuilder()
                        .setDirectory(directory.toFile())
                        .setOption(RaftStorage.StartupOption.RECOVER)
                        .setStorageFreeSpaceMin(SizeInBytes.valueOf(0))
                        .build();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            storage.initialize();
            say(FOUND, storage.getMetadataFile().getMetadata());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                storage.getMetadataFile().persist(metadata(line));
                say(KEPT, storage.getMetadataFile().getMetadata());
            }
        }
    }

    private static RaftStorageMetadata metadata(String line) throws IOException {
        String[] words = line.split(" ", -1);
        if (words.length != 2) {
            throw new IOException("Not a term and a vote: " + line);
        }
        return RaftStorageMetadata.valueOf(Long.parseLong(words[0]), RaftPeerId.valueOf(words[1]));
    }

    private static void say(String what, RaftStorageMetadata metadata) {
        System.out.println(what + metadata.getTerm() + " " + metadata.getVotedFor());
        System.out.flush();
    }
}
