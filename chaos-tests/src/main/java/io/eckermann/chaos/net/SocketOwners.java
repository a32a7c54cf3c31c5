package io.eckermann.chaos.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Tells from the local port of a connection which node's process holds it: all have the same address on loopback. */
final class SocketOwners {
    private static final int CLIENTS = 0;
    private static final int NODES_MAX = 9;

    private final Map<Integer, Long> pids = new ConcurrentHashMap<>();

    void owns(int node, long pid) {
        pids.put(node, pid);
    }

    int nodesMax() {
        return NODES_MAX;
    }

    int ownerOf(int port) throws IOException {
        String inode = inodeOf(port);
        for (Map.Entry<Integer, Long> node : pids.entrySet()) {
            if (holds(node.getValue(), "socket:[" + inode + "]")) {
                return node.getKey();
            }
        }
        return CLIENTS;
    }

    private static String inodeOf(int port) throws IOException {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table), StandardCharsets.US_ASCII)) {
                String[] words = line.strip().split("\\s+", -1);
                if (words.length > 9 && words[1].endsWith(suffix)) {
                    return words[9];
                }
            }
        }
        return "none";
    }

    private static boolean holds(long pid, String socket) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.anyMatch(file -> leadsTo(file, socket));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean leadsTo(Path file, String socket) {
        try {
            return Files.readSymbolicLink(file).toString().equals(socket);
        } catch (IOException e) {
            return false;
        }
    }
}
