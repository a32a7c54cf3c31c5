package io.eckermann.gateway.node;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.Shards;
import io.eckermann.gateway.access.Access;
import io.eckermann.gateway.access.AuditTrail;
import io.eckermann.gateway.access.FirstKey;
import io.eckermann.gateway.access.Guard;
import io.eckermann.gateway.access.IssuerKeys;
import io.eckermann.gateway.access.OidcTokens;
import io.eckermann.gateway.access.Quotas;
import io.eckermann.gateway.access.TokenVerifier;
import io.eckermann.gateway.grpc.AccessCalls;
import io.eckermann.gateway.grpc.IdentifiedCalls;
import io.eckermann.gateway.grpc.MeteredCalls;
import io.eckermann.gateway.metrics.RequestMeter;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.raftlog.Leadership;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who stands at a node's doors: nobody, unless security is on. */
final class Gatekeeping {
    /** Where the first administrator's key is left, in the data directory. */
    static final String FIRST_KEY = "admin.key";

    private static final long AUDIT_MS = 1_000;
    private static final Duration REFUSALS_EVERY = Duration.ofSeconds(5);

    private final NodeThreads threads;
    private final Access access;
    private final AuditTrail audit;
    private final FirstKey firstKey;
    private final Quotas quotas;
    private final Shards shards;
    private final @Nullable Guard guard;
    private final @Nullable IssuerKeys keys;

    Gatekeeping(
            NodeConfig config, String self, NodeShards parts, NodeThreads threads, @Nullable NodeTls tls, Clock clock)
            throws IOException {
        this.threads = threads;
        this.shards = parts.shards();
        // It has all keys, rules and quotas; topics are anywhere.
        Shard first = parts.first().shard();
        OidcTokens.Trust trust = config.isSecured() ? config.oidc() : null;
        this.keys = trust == null
                ? null
                : new IssuerKeys(
                        URI.create(trust.issuer()),
                        Issuers.client(config.oidcAuthorities()),
                        threads.peers(),
                        System::nanoTime);
        TokenVerifier tokens = trust == null || keys == null ? null : new OidcTokens(trust, keys, clock);
        this.access = new Access(
                first.view(), shards::here, threads.streams(), tls == null ? null : tls.names(), tokens, clock);
        parts.first().state().addListener(access);
        this.audit = new AuditTrail(self, shards, clock, REFUSALS_EVERY);
        Path file = config.dataDirectory().resolve(FIRST_KEY);
        this.firstKey = new FirstKey(file, access, first.writes());
        this.quotas = config.isSecured() ? Quotas.of(access, System::nanoTime) : Quotas.NONE;
        this.guard = config.isSecured() ? new Guard(access, audit, quotas) : null;
    }

    Access access() {
        return access;
    }

    /** Nobody has any unless security is on. */
    Quotas quotas() {
        return quotas;
    }

    /** Null: everybody may do everything. */
    @Nullable
    Guard guard() {
        return guard;
    }

    /** Those who see all calls of the gRPC door, innermost first. */
    List<ServerInterceptor> watchers(RequestMeter meter) {
        MeteredCalls metered = new MeteredCalls(meter);
        IdentifiedCalls identified = new IdentifiedCalls();
        return guard == null ? List.of(metered, identified) : List.of(new AccessCalls(guard), metered, identified);
    }

    /** Once the log has started. */
    void keep(Supplier<Leadership> leadership, Parts parts) {
        if (guard == null) {
            return;
        }
        var looking = threads.every(AUDIT_MS, () -> {
            audit.look();
            threads.peers().execute(() -> quotas.look(name -> shards.here(name).orElse(null)));
            if (keys != null) {
                keys.look();
            }
            if (leadership.get().role() == Leadership.Role.LEADER) {
                threads.peers().execute(firstKey::look);
            }
        });
        parts.add("audit", () -> looking.cancel(false));
    }
}
