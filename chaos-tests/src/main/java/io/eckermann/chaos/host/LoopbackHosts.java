package io.eckermann.chaos.host;

import io.eckermann.chaos.net.Network;
import io.eckermann.chaos.net.ProxyNetwork;
import java.io.IOException;
import java.util.List;

/**
 * Hosts where no namespaces are allowed: all nodes are on loopback, each with an address to be reached at, where a proxy
 * listens, and another one where it listens itself.
 */
public final class LoopbackHosts implements Hosts {
    private final int size;
    private final ProxyNetwork network;

    /** @param ports every node listens at these */
    public LoopbackHosts(int size, List<Integer> ports, Resources resources) throws Exception {
        this.size = size;
        network = new ProxyNetwork();
        resources.make("proxies", "127.0.1.0/24", () -> listen(ports), network::close);
    }

    private void listen(List<Integer> ports) throws IOException {
        for (int node = 1; node <= size; node++) {
            for (int port : ports) {
                network.listen(node, address(node), bindAddress(node), port);
            }
        }
    }

    @Override
    public String name() {
        return "loopback/proxy";
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String address(int node) {
        return "127.0.1." + node;
    }

    @Override
    public String bindAddress(int node) {
        return "127.0.2." + node;
    }

    @Override
    public List<String> on(int node) {
        return List.of();
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public void runs(int node, long pid) {
        network.runs(node, pid);
    }
}
