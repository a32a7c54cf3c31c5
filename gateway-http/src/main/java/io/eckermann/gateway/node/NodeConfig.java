package io.eckermann.gateway.node;

import io.eckermann.gateway.access.OidcTokens;
import io.eckermann.gateway.cluster.DigestWatch;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Peer;
import io.eckermann.gateway.tls.TlsFiles;
import io.eckermann.gateway.webhooks.Targets;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A node's whole configuration, checked. Immutable; every value remembers where it came from. */
public final class NodeConfig {
    private final Map<String, SettingSources.Value> texts;
    private final Map<Setting<?>, Object> values = new HashMap<>();

    /**
     * A key's effective value.
     *
     * @param origin default, file and its path, env and its variable, or --set
     */
    public record Effective(String key, String text, String origin) {}

    private NodeConfig(Map<String, SettingSources.Value> texts) {
        this.texts = texts;
    }

    /**
     * Reads the configuration; what comes later wins.
     *
     * @param file YAML, null for none
     * @param environment its {@code ECKERMANN_…} variables count
     * @param assignments {@code key=value} each
     */
    public static NodeConfig load(@Nullable Path file, Map<String, String> environment, List<String> assignments)
            throws ConfigException {
        SettingSources sources = new SettingSources();
        sources.addFile(file);
        sources.addEnvironment(environment);
        sources.addAssignments(assignments);
        NodeConfig config = new NodeConfig(sources.values());
        List<String> problems = new ArrayList<>(sources.problems());
        Settings.ALL.forEach(setting -> config.parse(setting, problems));
        if (problems.isEmpty()) {
            config.check(problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return config;
    }

    /** All keys in the order of the documentation. */
    public List<Effective> effective() {
        return Settings.ALL.stream()
                .map(setting -> new Effective(
                        setting.key(), text(setting).text(), text(setting).origin()))
                .toList();
    }

    public String clusterId() {
        return value(Settings.CLUSTER_ID);
    }

    public Path dataDirectory() {
        return value(Settings.DATA_DIRECTORY).toAbsolutePath().normalize();
    }

    /** All nodes, this one too. */
    public List<Peer> nodes() {
        return value(Settings.NODES);
    }

    /** As written. */
    String nodesText() {
        return text(Settings.NODES).text();
    }

    /** This node. */
    public Peer self() {
        return nodes().stream()
                .filter(node -> node.id().equals(value(Settings.NODE_ID)))
                .findFirst()
                .orElseThrow();
    }

    /** All nodes but this one. */
    public List<Peer> others() {
        Peer self = self();
        return nodes().stream().filter(node -> !node.equals(self)).toList();
    }

    /** Whether the node has itself added to a cluster that it finds. */
    public boolean joinsByItself() {
        return value(Settings.JOIN_BY_ITSELF);
    }

    public int shards() {
        return value(Settings.SHARDS);
    }

    /** Where the gRPC door listens. */
    public HostPort grpcBind() {
        return bind(self().grpc(), value(Settings.GRPC_PORT));
    }

    public int grpcConnectionsMax() {
        return value(Settings.GRPC_CONNECTIONS_MAX);
    }

    /** On one connection at a time. */
    public int grpcCallsMax() {
        return value(Settings.GRPC_CALLS_MAX);
    }

    /** Whether producing, by Goethe's service, to a topic that does not exist makes it. */
    public boolean goetheCreatesTopics() {
        return value(Settings.GOETHE_CREATE_TOPICS);
    }

    /** Where the HTTP door listens. */
    public HostPort httpBind() {
        return bind(self().http(), value(Settings.HTTP_PORT));
    }

    /** What the routes of the public suite for Dynamic Consistency Boundaries read and append to; empty: none. */
    public String dcbTopic() {
        return value(Settings.HTTP_DCB_TOPIC);
    }

    /** Null for plain text. */
    public @Nullable TlsFiles tls() {
        return tlsFiles().stream().anyMatch(String::isEmpty)
                ? null
                : new TlsFiles(
                        Path.of(value(SecuritySettings.TLS_CERTIFICATE)),
                        Path.of(value(SecuritySettings.TLS_KEY)),
                        Path.of(value(SecuritySettings.TLS_AUTHORITIES)));
    }

    private List<String> tlsFiles() {
        return List.of(
                value(SecuritySettings.TLS_CERTIFICATE),
                value(SecuritySettings.TLS_KEY),
                value(SecuritySettings.TLS_AUTHORITIES));
    }

    public boolean tlsClientCertificates() {
        return value(SecuritySettings.TLS_CLIENT_CERTIFICATES);
    }

    /** Whether callers must show who they are, and may only what rules allow them. */
    public boolean isSecured() {
        return value(SecuritySettings.ENABLED);
    }

    /** Whose tokens are taken; null: nobody's. */
    public OidcTokens.@Nullable Trust oidc() {
        String issuer = value(SecuritySettings.OIDC_ISSUER);
        return issuer.isEmpty()
                ? null
                : new OidcTokens.Trust(
                        issuer,
                        value(SecuritySettings.OIDC_AUDIENCE),
                        value(SecuritySettings.OIDC_ROLES),
                        value(SecuritySettings.OIDC_ALGORITHMS),
                        value(SecuritySettings.OIDC_SKEW));
    }

    /** Who vouches for the issuer's server; null: whom Java trusts. */
    public @Nullable Path oidcAuthorities() {
        String file = value(SecuritySettings.OIDC_AUTHORITIES);
        return file.isEmpty() ? null : Path.of(file);
    }

    /** Of pages that browsers let use the HTTP door; a star stands for all. */
    public List<String> allowedOrigins() {
        return value(Settings.HTTP_ALLOWED_ORIGINS);
    }

    /** Of how many cursors and groups the metrics tell the lag. */
    public int metricsLagMax() {
        return value(Settings.METRICS_LAG_MAX);
    }

    public Duration requestTimeout() {
        return value(Settings.REQUEST_TIMEOUT);
    }

    /** Of appends with an idempotency key, of all topics together. */
    public int idempotencyResultsMax() {
        return value(Settings.IDEMPOTENCY_RESULTS_MAX);
    }

    public Duration idempotencyAge() {
        return value(Settings.IDEMPOTENCY_AGE);
    }

    public Duration electionTimeoutMin() {
        return value(Settings.ELECTION_TIMEOUT_MIN);
    }

    public Duration electionTimeoutMax() {
        return value(Settings.ELECTION_TIMEOUT_MAX);
    }

    public ByteSize segmentSize() {
        return value(Settings.SEGMENT_SIZE);
    }

    public ByteSize snapshotAfter() {
        return value(Settings.SNAPSHOT_AFTER);
    }

    public Duration retentionInterval() {
        return value(Settings.RETENTION_INTERVAL);
    }

    /** In topics that compact their keys. */
    public Duration compactionMinAge() {
        return value(Settings.COMPACTION_MIN_AGE);
    }

    public int compactionDirtyPercent() {
        return value(Settings.COMPACTION_DIRTY_PERCENT);
    }

    /** Bytes in a second. */
    public ByteSize compactionSpeed() {
        return value(Settings.COMPACTION_SPEED);
    }

    public Duration scavengeInterval() {
        return value(Settings.SCAVENGE_INTERVAL);
    }

    public int scavengeLivePercent() {
        return value(Settings.SCAVENGE_LIVE_PERCENT);
    }

    /** Bytes in a second. */
    public ByteSize scavengeSpeed() {
        return value(Settings.SCAVENGE_SPEED);
    }

    public Duration snapshotInterval() {
        return value(Settings.SNAPSHOT_INTERVAL);
    }

    public int entriesKept() {
        return value(Settings.ENTRIES_KEPT);
    }

    public ByteSize tailCache() {
        return value(Settings.TAIL_CACHE);
    }

    public ByteSize diskFreeMin() {
        return value(Settings.DISK_FREE_MIN);
    }

    public Duration scrubInterval() {
        return value(Settings.SCRUB_INTERVAL);
    }

    /** Bytes in a second. */
    public ByteSize scrubSpeed() {
        return value(Settings.SCRUB_SPEED);
    }

    /** How states are compared. */
    DigestWatch.Plan digests() {
        return new DigestWatch.Plan(
                value(DigestSettings.INTERVAL), value(DigestSettings.SPEED).bytes());
    }

    /** Bytes in a second; 0: no bound. */
    public ByteSize snapshotSpeed() {
        return value(Settings.SNAPSHOT_SPEED);
    }

    public Duration clockMaxOffset() {
        return value(Settings.CLOCK_MAX_OFFSET);
    }

    /** Whom receivers of webhooks are asked to allow. */
    public String webhooksOrigin() {
        return value(Settings.WEBHOOKS_ORIGIN);
    }

    /** Where webhooks may send events. */
    public Targets webhookTargets() {
        return new Targets(value(Settings.WEBHOOKS_HOSTS), value(Settings.WEBHOOKS_HTTP_HOSTS));
    }

    public Duration shutdownTimeout() {
        return value(Settings.SHUTDOWN_TIMEOUT);
    }

    Telemetry telemetry() {
        String file = value(Telemetry.LOG_FILE);
        String collector = value(Telemetry.COLLECTOR);
        return new Telemetry(
                value(Telemetry.LOG_LEVEL),
                value(Telemetry.LOG_FORMAT),
                file.isEmpty() ? null : Path.of(file),
                collector.isEmpty() ? null : URI.create(collector));
    }

    /** Where Raft listens; empty for all addresses. */
    public String raftBindHost() {
        String host = value(Settings.BIND_HOST);
        return host.isEmpty() ? self().raft().host() : host;
    }

    private HostPort bind(HostPort address, int port) {
        String host = value(Settings.BIND_HOST);
        return new HostPort(host.isEmpty() ? address.host() : host, port == 0 ? address.port() : port);
    }

    // Each setting's own parser made its value.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private <T> T value(Setting<T> setting) {
        return (T) Objects.requireNonNull(values.get(setting), setting.key());
    }

    private SettingSources.Value text(Setting<?> setting) {
        return Objects.requireNonNull(texts.get(setting.key()), setting.key());
    }

    private void parse(Setting<?> setting, List<String> problems) {
        SettingSources.Value value = text(setting);
        try {
            values.put(setting, setting.parse().apply(value.text()));
        } catch (IllegalArgumentException | ArithmeticException e) {
            problems.add(setting.key() + " (" + value.origin() + "): " + e.getMessage() + ".");
        }
    }

    private void check(List<String> problems) {
        Set<String> ids = new HashSet<>();
        Set<HostPort> addresses = new HashSet<>();
        for (Peer node : nodes()) {
            if (!ids.add(node.id())) {
                problems.add("nodes: the id " + node.id() + " is given twice.");
            }
            for (HostPort address : List.of(node.raft(), node.grpc(), node.http())) {
                if (!addresses.add(address)) {
                    problems.add("nodes: the address " + address + " is given twice.");
                }
            }
        }
        String nodeId = value(Settings.NODE_ID);
        if (!ids.contains(nodeId)) {
            problems.add("node.id: no node " + nodeId + " is among nodes; add it there, or correct node.id.");
        }
        if (electionTimeoutMin().toMillis() < 50) {
            problems.add("raft.election-timeout-min: less than 50ms would make leaders change without need.");
        }
        if (electionTimeoutMin().compareTo(electionTimeoutMax()) >= 0) {
            problems.add("raft.election-timeout-min must be less than raft.election-timeout-max.");
        }
        if (segmentSize().bytes() < 1 << 20 || segmentSize().bytes() > 1 << 30) {
            problems.add("raft.segment-size must be from 1MiB to 1GiB.");
        }
        if (clockMaxOffset().toMillis() < 100) {
            problems.add("clock.max-offset must be at least 100ms: nodes can't measure each other's clocks better.");
        }
        if (tls() == null && !tlsFiles().stream().allMatch(String::isEmpty)) {
            problems.add("tls.certificate, tls.key and tls.authorities belong together: give all three or none.");
        }
        if (tls() == null && tlsClientCertificates()) {
            problems.add("tls.client-certificates needs tls.certificate, tls.key and tls.authorities.");
        }
        if (isSecured() && tls() == null && !value(SecuritySettings.PLAIN_TEXT)) {
            problems.add("security.enabled needs tls.certificate, tls.key and tls.authorities: keys would go in plain"
                    + " text, and whoever reaches the Raft port could do everything. Where something else encrypts and"
                    + " guards all ports, set security.allow-plain-text.");
        }
        OidcTokens.Trust oidc = oidc();
        if (oidc != null && oidc.audience().isEmpty()) {
            problems.add("security.oidc.issuer needs security.oidc.audience: else tokens for others would open this.");
        }
        if (oidc != null && !oidc.issuer().matches("https://.+|http://(127\\.0\\.0\\.1|localhost|\\[::1])([:/].*)?")) {
            problems.add("security.oidc.issuer must be an https address; http on this machine alone.");
        }
        if (requestTimeout().isZero()) {
            problems.add("request.timeout must be more than 0.");
        }
    }
}
