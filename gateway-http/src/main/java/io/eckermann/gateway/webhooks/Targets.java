package io.eckermann.gateway.webhooks;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.StoreException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Where events may be sent: a webhook must not become a way to what only this node can reach. Looked at when a webhook is
 * registered, and again before each request, as the settings may be others by then.
 *
 * @param hosts patterns of hosts that are allowed: a name, {@code *.} and a domain, or {@code *} for all
 * @param plainHosts those of them that may be spoken to without TLS
 */
public record Targets(List<String> hosts, List<String> plainHosts) {
    public Targets {
        hosts = List.copyOf(hosts);
        plainHosts = List.copyOf(plainHosts);
    }

    /**
     * The address, if it is one that is allowed.
     *
     * @throws StoreException BAD_REQUEST, or WEBHOOK_REFUSED when these settings are against it
     */
    URI allowed(String url) {
        URI uri = parsed(url);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        boolean isPlain = uri.getScheme().equalsIgnoreCase("http");
        if (isPlain && !matches(plainHosts, host)) {
            throw refused("Without TLS, nothing is sent to this host: use https, or see webhooks.http-hosts.", host);
        }
        if (!isPlain && !matches(hosts, host)) {
            throw refused("Nothing is sent to this host: see webhooks.hosts.", host);
        }
        return uri;
    }

    private static URI parsed(String url) {
        try {
            URI uri = new URI(url);
            boolean isWeb = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (isWeb
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && url.length() <= Limits.WEBHOOK_URL_CHARS_MAX) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw bad();
        }
        throw bad();
    }

    private static StoreException bad() {
        return new StoreException(
                        ErrorCode.BAD_REQUEST,
                        "It is an absolute https or http address of at most 2,000 characters, with neither user nor"
                                + " fragment.")
                .with("field", "url");
    }

    /**
     * Refuses what names an address of this network alone, such as one where a cloud tells machines their secrets, unless
     * the settings name it. Looks the host up, which may take long.
     */
    void refuseUnreachable(URI uri) throws UnknownHostException {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        if (hosts.contains(host) || plainHosts.contains(host)) {
            return;
        }
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (address.isLinkLocalAddress()
                    || address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isMulticastAddress()) {
                throw refused(
                        "This host is an address within the network of the node, which webhooks.hosts does not"
                                + " name.",
                        host);
            }
        }
    }

    private static boolean matches(List<String> patterns, String host) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.equals("*")
                        || pattern.equals(host)
                        || (pattern.startsWith("*.") && host.endsWith(pattern.substring(1))));
    }

    private static StoreException refused(String why, String host) {
        return new StoreException(ErrorCode.WEBHOOK_REFUSED, why)
                .with("field", "url")
                .with("host", host);
    }
}
