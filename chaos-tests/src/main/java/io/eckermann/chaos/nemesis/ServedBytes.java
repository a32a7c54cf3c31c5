package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads a topic from a node's own disk beside the leader's. */
final class ServedBytes {
    private static final String TOPIC = "log-1";

    private ServedBytes() {}

    /** The first event that differs; empty when all that the node has is as it is at the leader, or it refuses to read on. */
    static Optional<String> compare(Servers servers, Server victim) throws Exception {
        Server leader = servers.leaderOrAny();
        if (leader == victim) {
            return Optional.empty();
        }
        try (BufferedReader ours = lines(servers.events(victim, TOPIC, 0));
                BufferedReader theirs = lines(servers.events(leader, TOPIC, 0))) {
            while (true) {
                String here = ours.readLine();
                String there = theirs.readLine();
                if (here == null || there == null || !isEvent(here) || !isEvent(there)) {
                    return Optional.empty();
                }
                if (!here.equals(there)) {
                    return Optional.of(here + " in place of " + there);
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isEvent(String line) {
        return line.contains("\"position\"");
    }

    private static BufferedReader lines(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }
}
