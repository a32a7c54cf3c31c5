package io.eckermann.gateway.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * PEM files.
 *
 * @param certificate this node's, followed by those between it and the authority
 * @param key its private key, in PKCS#8 without a password
 * @param authorities certificates of those who vouch for nodes and for clients
 */
public record TlsFiles(Path certificate, Path key, Path authorities) {
    /** When each was last changed; through links, so that a switched link counts. */
    List<FileTime> changed() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : List.of(certificate, key, authorities)) {
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }
}
