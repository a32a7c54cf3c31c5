package io.eckermann.raftlog.segment;

import io.eckermann.statemachine.storage.DamagedFileException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The file beside the log in which Ratis keeps the term and whom the node has voted for in it. With another vote than it
 * gave a node may vote twice, so our writer of that file ends it with a line that has a checksum, which is a remark to
 * Ratis. Files of earlier versions have none.
 */
public final class VoteFile {
    public static final String NAME = "raft-meta";
    private static final String SUM = "#crc32c=";
    private static final int SUM_BYTES = SUM.length() + 2 * Integer.BYTES + 1;
    private static final Set<String> KEYS = Set.of("term", "votedFor");

    private VoteFile() {}

    /** The line that ends a file. */
    public static byte[] sumLine(CRC32C sum) {
        return String.format("%s%08x\n", SUM, sum.getValue()).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Looks whether the file is as it was written.
     *
     * @param logDirectory holds the segments; may be missing
     * @param used whether the node has taken part with that log, and so has the file
     * @throws IOException one sentence for the operator, when the node must not vote
     */
    public static void check(Path logDirectory, boolean used) throws IOException {
        Path file = logDirectory.resolve(NAME);
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            if (used) {
                throw damaged(file, "missing");
            }
            return;
        }
        if (!matchesSum(content) || !isVote(content)) {
            throw damaged(file, "damaged");
        }
    }

    private static boolean matchesSum(byte[] content) {
        int end = content.length - SUM_BYTES;
        if (end < 0 || !text(content, end).startsWith(SUM)) {
            // It is of an earlier version, or that line alone is damaged.
            // One that ends within a line may have lost half of a name.
            return content.length > 0 && content[content.length - 1] == '\n';
        }
        CRC32C sum = new CRC32C();
        sum.update(content, 0, end);
        return Arrays.equals(sumLine(sum), Arrays.copyOfRange(content, end, content.length));
    }

    private static boolean isVote(byte[] content) throws IOException {
        Properties vote = new Properties();
        try {
            vote.load(new StringReader(text(content, 0)));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return vote.stringPropertyNames().containsAll(KEYS)
                && vote.getProperty("term").matches("\\d{1,18}");
    }

    private static String text(byte[] content, int from) {
        return new String(content, from, content.length - from, StandardCharsets.UTF_8);
    }

    private static IOException damaged(Path file, String what) {
        return new DamagedFileException(
                DamagedFileException.VOTE,
                "The file " + file + " with this node's term and vote is " + what + ", so this node must not vote: move"
                        + " the node's data away and let it be rebuilt from its peers.");
    }
}
