package io.eckermann.gateway.node;

import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.tls.NodeNames;
import io.eckermann.gateway.tls.NodeTls;
import io.eckermann.gateway.tls.TlsFiles;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The node's certificates, looked at again and again while it runs. */
final class Certificates {
    private static final long LOOK_MS = 5_000;

    private Certificates() {}

    /** Null when everything goes in plain text. */
    static @Nullable NodeTls open(NodeConfig config, NodeThreads threads, Parts parts) throws IOException {
        NodeTls tls = read(config);
        if (tls != null) {
            var looking = threads.every(LOOK_MS, () -> threads.peers().execute(tls::look));
            parts.add("certificates", () -> looking.cancel(false));
        }
        return tls;
    }

    /** As they are now, once; null when everything goes in plain text. */
    static @Nullable NodeTls read(NodeConfig config) throws IOException {
        TlsFiles files = config.tls();
        if (files == null) {
            return null;
        }
        Set<String> hosts = config.nodes().stream()
                .flatMap(node -> Stream.of(node.raft(), node.grpc(), node.http()))
                .map(HostPort::host)
                .collect(Collectors.toUnmodifiableSet());
        return NodeTls.open(files, config.tlsClientCertificates(), new NodeNames(() -> hosts));
    }
}
