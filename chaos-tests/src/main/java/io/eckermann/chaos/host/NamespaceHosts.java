package io.eckermann.chaos.host;

import io.eckermann.chaos.net.Network;
import io.eckermann.chaos.net.SwitchNetwork;
import io.eckermann.chaos.shim.NativeTools;
import java.util.List;

/**
 * Hosts as network namespaces, each with one interface, plugged into a switch that is a process in a namespace of its own.
 * This JVM must be alone in namespaces of mounts, of networks and of processes: what is made here ends with them.
 */
public final class NamespaceHosts implements Hosts {
    private static final String CLIENTS_INTERFACE = "eth0";
    private static final int CLIENTS = 100;

    private final String name;
    private final int size;
    private final SwitchNetwork network;

    /** @param isolation who made the namespaces: root or user */
    public NamespaceHosts(String isolation, int size, NativeTools tools, Resources resources) throws Exception {
        this.name = isolation + "/netns";
        this.size = size;
        // Named namespaces are files; these are seen by nobody outside, and go with the mount namespace.
        resources.make("mount", "/run", () -> Commands.run("mount", "-t", "tmpfs", "tmpfs", "/run"), () -> {});
        Commands.run("mkdir", "-p", "/run/netns");
        Commands.run("ip", "link", "set", "lo", "up");
        add(resources, "sw");
        String[] ports = new String[size + 1];
        for (int host = 0; host <= size; host++) {
            ports[host] = "port" + host;
            plug(resources, host, ports[host], tools);
        }
        network = new SwitchNetwork(tools.networkSwitch(), List.of("nsenter", "--net=/run/netns/sw"), ports);
        resources.make("process", "chaos_switch", () -> {}, network::close);
    }

    private static void add(Resources resources, String namespace) throws Exception {
        resources.make(
                "netns",
                namespace,
                () -> Commands.run("ip", "netns", "add", namespace),
                () -> Commands.run("ip", "netns", "delete", namespace));
        Commands.run("ip", "-n", namespace, "link", "set", "lo", "up");
    }

    private void plug(Resources resources, int host, String port, NativeTools tools) throws Exception {
        Commands.run("ip", "link", "add", port, "netns", "sw", "type", "veth", "peer", "name", "chaos" + host);
        String interfaceName = "chaos" + host;
        if (host == 0) {
            // It would go with the other namespace, a little later: too late for hosts that are made at once.
            resources.make(
                    "link",
                    CLIENTS_INTERFACE,
                    () -> Commands.run("ip", "link", "set", interfaceName, "name", CLIENTS_INTERFACE),
                    () -> Commands.run("ip", "link", "delete", CLIENTS_INTERFACE));
            Commands.run("ip", "address", "add", address(0) + "/24", "dev", CLIENTS_INTERFACE);
            Commands.run("ip", "link", "set", CLIENTS_INTERFACE, "up");
            Commands.run(tools.tool().toString(), "plain", CLIENTS_INTERFACE);
        } else {
            String namespace = "n" + host;
            add(resources, namespace);
            Commands.run("ip", "link", "set", interfaceName, "netns", namespace, "name", "eth0");
            Commands.run("ip", "-n", namespace, "address", "add", address(host) + "/24", "dev", "eth0");
            Commands.run("ip", "-n", namespace, "link", "set", "eth0", "up");
            Commands.run(
                    "nsenter", "--net=/run/netns/" + namespace, tools.tool().toString(), "plain", "eth0");
        }
        Commands.run("ip", "-n", "sw", "link", "set", port, "up");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public String address(int node) {
        return "10.77.0." + (node == 0 ? CLIENTS : node);
    }

    @Override
    public String bindAddress(int node) {
        return "";
    }

    @Override
    public List<String> on(int node) {
        return List.of("nsenter", "--net=/run/netns/n" + node);
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public void runs(int node, long pid) {}
}
