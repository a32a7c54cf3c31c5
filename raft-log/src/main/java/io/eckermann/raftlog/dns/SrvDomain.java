package io.eckermann.raftlog.dns;

import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * A domain whose SRV records say where services of nodes are; the first label of a record's target is the node's id.
 *
 * @param server host:port of the DNS server to ask; empty for those of the system
 */
public record SrvDomain(String domain, String server) {
    /** Of services of nodes that are members of a Raft group, by each other. */
    public static final String RAFT = "_raft._tcp";

    /** Priority, weight, port, target; only the last two say where a node is. */
    private static final Pattern RECORD = Pattern.compile("\\d+ \\d+ (\\d+) (([A-Za-z0-9_-]+)[A-Za-z0-9._-]*?)\\.?");

    /** A host's name and a port. */
    public record Place(String host, int port) {}

    /**
     * Asks, which may take seconds.
     *
     * @param service such as {@link #RAFT}
     * @return by the nodes' ids; none when DNS does not answer
     */
    // JNDI is how the JDK asks DNS; nothing but text is read from the answers.
    @SuppressWarnings("BanJNDI")
    public Map<String, Place> places(String service) {
        Map<String, Place> found = new TreeMap<>();
        Properties environment = new Properties();
        environment.setProperty(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.setProperty(Context.PROVIDER_URL, "dns://" + server + "/");
        environment.setProperty("com.sun.jndi.dns.timeout.initial", "500");
        environment.setProperty("com.sun.jndi.dns.timeout.retries", "2");
        try {
            InitialDirContext dns = new InitialDirContext(environment);
            try {
                Attribute records = dns.getAttributes(service + "." + domain, new String[] {"SRV"})
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

    private static void add(String record, Map<String, Place> found) {
        Matcher parts = RECORD.matcher(record);
        if (parts.matches()) {
            found.put(parts.group(3), new Place(parts.group(2), Integer.parseInt(parts.group(1))));
        }
    }
}
