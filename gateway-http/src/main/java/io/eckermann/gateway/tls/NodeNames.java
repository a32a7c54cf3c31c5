package io.eckermann.gateway.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells a node's certificate from a client's of the same authority: a node's is for the host of one of the nodes, by its
 * subject alternative names (RFC 6125; a {@code *} stands for one whole first label).
 */
public final class NodeNames {
    private static final int DNS = 2;
    private static final int IP = 7;

    private final Supplier<Set<String>> hosts;

    /** @param hosts of the nodes' addresses, as they are now */
    public NodeNames(Supplier<Set<String>> hosts) {
        this.hosts = hosts;
    }

    /** Whether it is a node's; whether it can be trusted must have been found out before. */
    public boolean has(X509Certificate certificate) {
        Set<String> known = hosts.get();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(name -> known.stream()
                                    .anyMatch(
                                            host -> matches((Integer) name.get(0), String.valueOf(name.get(1)), host)));
        } catch (CertificateException e) {
            // Its names can't be read, so it has none.
            return false;
        }
    }

    /** @param kind of a general name, as RFC 5280 numbers them */
    static boolean matches(int kind, String name, String host) {
        if (kind != DNS && kind != IP) {
            return false;
        }
        String pattern = name.toLowerCase(Locale.ROOT);
        String wanted = host.toLowerCase(Locale.ROOT);
        if (kind == DNS && pattern.startsWith("*.")) {
            int dot = wanted.indexOf('.');
            return dot > 0 && wanted.substring(dot).equals(pattern.substring(1));
        }
        return wanted.equals(pattern);
    }
}
