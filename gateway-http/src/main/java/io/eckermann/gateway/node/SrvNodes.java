package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that DNS names by SRV records: {@code _raft._tcp}, {@code _grpc._tcp} and {@code _http._tcp} of a domain have a
 * record for each node, whose target's first label is the node's id. A headless service of Kubernetes has them when its
 * ports are named so. As many nodes as are said must be there: else some would found a cluster without the others.
 */
final class SrvNodes {
    private static final Pattern FORM =
            Pattern.compile("dns\\+srv://([A-Za-z0-9._-]+)\\?nodes=([1-9])(?:&server=([A-Za-z0-9._-]+:[0-9]+))?");
    /** Priority, weight, port, target; only the last two say where a node is. */
    private static final Pattern RECORD = Pattern.compile("\\d+ \\d+ (\\d+) (([A-Za-z0-9_-]+)[A-Za-z0-9._-]*?)\\.?");

    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private final String domain;
    private final int count;
    private final String server;

    private SrvNodes(String domain, int count, String server) {
        this.domain = domain;
        this.count = count;
        this.server = server;
    }

    /** Whether a setting's text is meant so. */
    static boolean isMeant(String text) {
        return text.startsWith("dns+srv:");
    }

    /**
     * Asks until DNS names as many nodes as are said.
     *
     * @param patience for how long
     * @throws IllegalArgumentException that says what is missing, or what the text should look like
     */
    static List<Peer> find(String text, Duration patience) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not of the form dns+srv://DOMAIN?nodes=3");
        }
        @Nullable String server = form.group(3);
        return new SrvNodes(form.group(1), Integer.parseInt(form.group(2)), server == null ? "" : server)
                .await(System.nanoTime() + patience.toNanos());
    }

    private List<Peer> await(long endNs) {
        while (true) {
            Map<String, HostPort> raft = records("_raft._tcp.");
            Map<String, HostPort> grpc = records("_grpc._tcp.");
            Map<String, HostPort> http = records("_http._tcp.");
            raft.keySet().retainAll(grpc.keySet());
            raft.keySet().retainAll(http.keySet());
            if (raft.size() >= count) {
                return raft.keySet().stream()
                        .map(id -> new Peer(id, door(raft, id), door(grpc, id), door(http, id)))
                        .toList();
            }
            if (System.nanoTime() - endNs >= 0) {
                throw new IllegalArgumentException("DNS names " + raft.size() + " of " + count
                        + " nodes by SRV records of " + domain + ": " + raft.keySet());
            }
            pause();
        }
    }

    private static HostPort door(Map<String, HostPort> doors, String id) {
        HostPort door = doors.get(id);
        if (door == null) {
            throw new IllegalStateException("no door of " + id);
        }
        return door;
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(ASK_AGAIN.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("interrupted while DNS was asked", e);
        }
    }

    /** By the nodes' ids; none when DNS does not answer. */
    // JNDI is how the JDK asks DNS; nothing but text is read from the answers.
    @SuppressWarnings("BanJNDI")
    private Map<String, HostPort> records(String service) {
        Map<String, HostPort> found = new TreeMap<>();
        Properties environment = new Properties();
        environment.setProperty(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.setProperty(Context.PROVIDER_URL, "dns://" + server + "/");
        environment.setProperty("com.sun.jndi.dns.timeout.initial", "500");
        environment.setProperty("com.sun.jndi.dns.timeout.retries", "2");
        try {
            InitialDirContext dns = new InitialDirContext(environment);
            try {
                Attribute records = dns.getAttributes(service + domain, new String[] {"SRV"})
                        .get("SRV");
                if (records != null) {
                    NamingEnumeration<?> all = records.getAll();
                    while (all.hasMore()) {
                        add(String.valueOf(all.next()), found);
                    }
                }
            } finally {
                dns.close();
            }
        } catch (NameNotFoundException e) {
            // Nobody is there yet.
        } catch (NamingException e) {
            // No answer, or no server: asked again.
            found.clear();
        }
        return found;
    }

    private static void add(String record, Map<String, HostPort> found) {
        Matcher parts = RECORD.matcher(record);
        if (parts.matches()) {
            found.put(parts.group(3), new HostPort(parts.group(2), Integer.parseInt(parts.group(1))));
        }
    }
}
