package io.eckermann.statemachine.chunk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** How files of kept segments begin: a word that says what they are, and as one more byte the version of their layout. */
record FileVersion(String word, char version) {
    byte[] bytes() {
        return (word + version).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Refuses a file that is what it should be, but laid out as another version does.
     *
     * @param head the file's first bytes
     * @throws IOException that names it
     */
    void require(Path file, ByteBuffer head) throws IOException {
        byte[] own = bytes();
        if (head.limit() < own.length || !head.slice(0, word.length()).equals(ByteBuffer.wrap(own, 0, word.length()))) {
            return;
        }
        char found = (char) (head.get(word.length()) & 0xff);
        if (found != version) {
            throw new IOException("The file " + file + " has version " + found + " of its layout, and this one is "
                    + version + ": start the version of Eckermann that wrote it, or a newer one.");
        }
    }
}
