package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.raftlog.dns.SrvDomain;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that DNS names by SRV records: {@code _raft._tcp}, {@code _grpc._tcp} and {@code _http._tcp} of a domain have a
 * record for each node, whose target's first label is the node's id. A headless service of Kubernetes has them when its
 * ports are named so. As many nodes as are said must be there: else some would found a cluster without the others.
 */
final class SrvNodes {
    private static final String GRPC = "_grpc._tcp";
    private static final String HTTP = "_http._tcp";
    private static final Pattern FORM =
            Pattern.compile("dns\\+srv://([A-Za-z0-9._-]+)\\?nodes=([1-9])(?:&server=([A-Za-z0-9._-]+:[0-9]+))?");

    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private final SrvDomain dns;
    private final int count;

    private SrvNodes(SrvDomain dns, int count) {
        this.dns = dns;
        this.count = count;
    }

    /** Whether a setting's text is meant so. */
    static boolean isMeant(String text) {
        return text.startsWith("dns+srv:");
    }

    /** Where nodes are said to be while they run; null when that does not change. */
    static @Nullable SrvNodes of(NodeConfig config) {
        String text = config.nodesText();
        return isMeant(text) ? of(text) : null;
    }

    /** @throws IllegalArgumentException that says what the text should look like */
    static SrvNodes of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not of the form dns+srv://DOMAIN?nodes=3");
        }
        @Nullable String server = form.group(3);
        return new SrvNodes(
                new SrvDomain(form.group(1), server == null ? "" : server), Integer.parseInt(form.group(2)));
    }

    /** The domain that names them. */
    SrvDomain dns() {
        return dns;
    }

    /**
     * Asks until DNS names as many nodes as are said.
     *
     * @param patience for how long
     * @throws IllegalArgumentException that says what is missing
     */
    List<Peer> await(Duration patience) {
        long endNs = System.nanoTime() + patience.toNanos();
        while (true) {
            List<Peer> found = look();
            if (found.size() >= count) {
                return found;
            }
            if (System.nanoTime() - endNs >= 0) {
                throw new IllegalArgumentException("DNS names " + found.size() + " of " + count
                        + " nodes by SRV records of " + dns.domain() + ": "
                        + found.stream().map(Peer::id).toList());
            }
            pause();
        }
    }

    /** Those that DNS names with all three doors now. */
    List<Peer> look() {
        Map<String, SrvDomain.Place> raft = dns.places(SrvDomain.RAFT);
        Map<String, SrvDomain.Place> grpc = dns.places(GRPC);
        Map<String, SrvDomain.Place> http = dns.places(HTTP);
        raft.keySet().retainAll(grpc.keySet());
        raft.keySet().retainAll(http.keySet());
        return raft.keySet().stream()
                .map(id -> new Peer(id, door(raft, id), door(grpc, id), door(http, id)))
                .toList();
    }

    private static HostPort door(Map<String, SrvDomain.Place> doors, String id) {
        SrvDomain.Place door = Objects.requireNonNull(doors.get(id), id);
        return new HostPort(door.host(), door.port());
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(ASK_AGAIN.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("interrupted while DNS was asked", e);
        }
    }
}
