package io.eckermann.raftlog.ratis;

import io.eckermann.raftlog.dns.SrvDomain;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.thirdparty.io.grpc.Attributes;
import org.apache.ratis.thirdparty.io.grpc.EquivalentAddressGroup;
import org.apache.ratis.thirdparty.io.grpc.NameResolver;
import org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusOr;
import org.jspecify.annotations.Nullable;

/**
 * Members as targets of gRPC that are looked up by SRV records whenever a connection is made, so that one which comes back at
 * another port, or on another machine, is found. Public because gRPC makes one by its name.
 */
public final class SrvTargets extends NameResolverProvider {
    private static final String SCHEME = "dns+srv";

    /** Where the member is, as Ratis hands it to gRPC. */
    static String target(SrvDomain dns, String member) {
        return SCHEME + ":///" + member + "/" + dns.domain() + "/" + dns.server();
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        // Of others for the same scheme there are none.
        return 5;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        String[] parts = String.valueOf(target.getPath()).split("/", -1);
        return SCHEME.equals(target.getScheme()) && parts.length == 4
                ? new LookUp(parts[1], new SrvDomain(parts[2], parts[3]))
                : null;
    }

    /** Looks up one member. Called by gRPC, one call at a time; it asks on a thread of its own. */
    private static final class LookUp extends NameResolver {
        private final String member;
        private final SrvDomain dns;
        private @Nullable Listener2 listener;

        LookUp(String member, SrvDomain dns) {
            this.member = member;
            this.dns = dns;
        }

        @Override
        public String getServiceAuthority() {
            return member;
        }

        @Override
        public void start(Listener2 told) {
            listener = told;
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 told = listener;
            if (told != null) {
                Thread asking = new Thread(() -> told.onResult(result()), "srv-" + member);
                asking.setDaemon(true);
                asking.start();
            }
        }

        private ResolutionResult result() {
            return ResolutionResult.newBuilder()
                    .setAddressesOrError(addresses())
                    .build();
        }

        private StatusOr<List<EquivalentAddressGroup>> addresses() {
            SrvDomain.Place place = dns.places(SrvDomain.RAFT).get(member);
            if (place == null) {
                return StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("DNS names no " + member));
            }
            // Its certificate is for the host.
            Attributes host = Attributes.newBuilder()
                    .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, place.host() + ":" + place.port())
                    .build();
            List<EquivalentAddressGroup> found = new ArrayList<>();
            try {
                for (InetAddress each : InetAddress.getAllByName(place.host())) {
                    found.add(new EquivalentAddressGroup(new InetSocketAddress(each, place.port()), host));
                }
                return StatusOr.fromValue(found);
            } catch (UnknownHostException e) {
                return StatusOr.fromStatus(Status.UNAVAILABLE
                        .withDescription("DNS does not know " + place.host())
                        .withCause(e));
            }
        }

        @Override
        public void shutdown() {
            listener = null;
        }
    }
}
