package io.eckermann.helm.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.helm.Rendered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;

/**
 * The names of services and pods, in a small DNS server. The service for clients has the addresses of its ready pods: what
 * a proxy would spread over them, the names do here. Closing it ends the server.
 */
final class Names implements AutoCloseable {
    static final String SERVER = "10.244.0.1";
    static final String DOMAIN = "cluster.local";

    private final Path hosts;
    private final String zone;
    private final Process server;

    Names(Path directory, String namespace) throws IOException {
        this.hosts = directory.resolve("hosts");
        this.zone = "." + namespace + ".svc." + DOMAIN;
        Files.writeString(hosts, "");
        this.server = new ProcessBuilder(
                        "dnsmasq",
                        "--keep-in-foreground",
                        "--conf-file=/dev/null",
                        "--no-resolv",
                        "--no-hosts",
                        "--pid-file=",
                        "--user=root",
                        "--listen-address=" + SERVER,
                        "--bind-interfaces",
                        "--addn-hosts=" + hosts,
                        "--local=/" + DOMAIN + "/",
                        "--local-ttl=5",
                        "--neg-ttl=5")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("dns.log").toFile())
                .start();
    }

    /** What /etc/resolv.conf says in a pod. */
    static String resolvConf(String namespace) {
        return "nameserver %s%nsearch %s.svc.%s svc.%s %s%noptions ndots:5%n"
                .formatted(SERVER, namespace, DOMAIN, DOMAIN, DOMAIN);
    }

    /** Tells of the pods as they are now. */
    void tell(List<JsonNode> services, Collection<Pod> pods) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (JsonNode service : services) {
            String name = Rendered.name(service);
            JsonNode spec = service.path("spec");
            boolean headless = spec.path("clusterIP").asText().equals("None");
            boolean all = spec.path("publishNotReadyAddresses").asBoolean();
            for (Pod pod : pods) {
                if (all || (pod.isReady() && !pod.isStopping())) {
                    lines.append(pod.ip()).append(' ');
                    if (headless) {
                        lines.append(pod.name())
                                .append('.')
                                .append(name)
                                .append(zone)
                                .append(' ');
                    }
                    lines.append(name).append(zone).append('\n');
                }
            }
        }
        Path fresh = hosts.resolveSibling("hosts.new");
        Files.writeString(fresh, lines, StandardCharsets.UTF_8);
        Files.move(fresh, hosts, StandardCopyOption.ATOMIC_MOVE);
        Shell.run("kill -HUP " + server.pid());
    }

    @Override
    public void close() {
        server.destroyForcibly();
    }
}
