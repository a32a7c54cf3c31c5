package io.eckermann.client.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The configuration of a local node, written anew at each start. */
final class NodeConfigFile {
    private NodeConfigFile() {}

    static Path write(ClusterDirectory directory, ClusterDirectory.Cluster cluster, LocalNode node) {
        Path home = directory.node(node);
        Path file = home.resolve("node.yaml");
        try {
            Files.createDirectories(home);
            Files.writeString(file, text(home, cluster, node) + security(directory, cluster));
        } catch (IOException e) {
            throw new LocalException(file + " can't be written: " + e.getMessage() + ".", e);
        }
        return file;
    }

    static String text(Path home, ClusterDirectory.Cluster cluster, LocalNode node) {
        return """
                # Written by "eckermann up" at each start: changes here are lost.
                cluster:
                  id: %s
                node:
                  id: %s
                  data-directory: %s
                nodes:
                %s
                """.formatted(
                        cluster.cluster(),
                        node.id(),
                        quoted(home.resolve("data").toString()),
                        cluster.nodes().stream().map(NodeConfigFile::line).collect(Collectors.joining("\n")));
    }

    private static String security(ClusterDirectory directory, ClusterDirectory.Cluster cluster) {
        return (cluster.tls() ? tls(directory.certificates()) : "")
                + (cluster.secure() ? "security:\n  enabled: true\n" : "");
    }

    private static String tls(DevelopmentCertificates certificates) {
        return """
                tls:
                  certificate: %s
                  key: %s
                  authorities: %s
                """.formatted(
                        quoted(certificates.certificate("node").toString()),
                        quoted(certificates.key("node").toString()),
                        quoted(certificates.authorities().toString()));
    }

    private static String line(LocalNode node) {
        return "  - {id: %s, raft: '%s', grpc: '%s', http: '%s'}"
                .formatted(node.id(), node.raftAddress(), node.grpcAddress(), node.httpAddress());
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
