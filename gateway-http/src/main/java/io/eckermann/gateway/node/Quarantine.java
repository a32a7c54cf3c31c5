package io.eckermann.gateway.node;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.eckermann.gateway.peers.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets aside all that a node holds which differs from what the others have, or is damaged; deletes nothing. */
final class Quarantine {
    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    /** The identity last: as long as it is there, this is done again after a crash. */
    private static final List<String> NAMES = List.of(
            "greetings",
            "raft",
            "state",
            "shards",
            "sending",
            "restoring",
            "restored.tmp",
            "raft.former",
            DataDirectory.IDENTITY);

    private Quarantine() {}

    /**
     * Leaves a directory that no node has used, but for what is in {@code aside/}.
     *
     * @param incarnation of the directory as it was
     * @param why the entry at which the state differed, or a word for what else was wrong
     */
    static void setAside(Path root, String incarnation, String why) throws IOException {
        Path aside = root.resolve("aside").resolve(incarnation);
        Files.createDirectories(aside);
        DurableFile.syncParent(aside);
        for (String name : NAMES) {
            Path held = root.resolve(name);
            if (Files.exists(held)) {
                // What went before is on the disk when the last one goes.
                DurableFile.syncParent(held);
                Files.move(held, aside.resolve(name), ATOMIC_MOVE);
            }
        }
        DurableFile.syncParent(root.resolve(DataDirectory.IDENTITY));
        LOG.warn(
                "What this node held was not what it should have been ({}): it is set aside in {}, for who wants to find"
                        + " out why, and this node begins with nothing, as a new member",
                why.isEmpty() || !Character.isDigit(why.charAt(0)) ? why : "it differed at entry " + why,
                aside);
    }
}
