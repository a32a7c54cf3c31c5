package io.eckermann.helm.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What pods share.
 *
 * @param directory for volumes, logs and the roots of pods
 * @param distribution what the image has in /opt/eckermann
 * @param root of an unpacked image; this machine's own for pods that have the distribution and this Java there
 * @param namespace of the release
 */
record Machine(Path directory, Path distribution, Path root, String namespace) {
    Path resolvConf() {
        return directory.resolve("resolv.conf");
    }

    boolean hasImage() {
        return root.getNameCount() > 0;
    }

    /** What the image has in /opt/java. */
    Path java() {
        return Path.of(System.getProperty("java.home"));
    }

    /** The directory of a secret's files. */
    Path secret(String name) {
        return directory.resolve("secrets").resolve(name);
    }

    /** What a claim's volume holds. */
    Path claim(String name) {
        return directory.resolve("claims").resolve(name);
    }

    Path log(String pod) {
        return directory.resolve(pod + ".log");
    }

    /** Its bridge, and its own file of DNS servers. Everything lies in namespaces that end with this process. */
    void setUp() throws IOException, InterruptedException {
        Files.writeString(resolvConf(), Names.resolvConf(namespace));
        Shell.run("ip link set lo up; ip link add br0 type bridge; ip addr add %s/24 dev br0; ip link set br0 up"
                .formatted(Names.SERVER));
        Shell.run(
                "mount -t tmpfs names /run/netns 2>/dev/null || { mkdir -p /run/netns; mount -t tmpfs names /run/netns; }");
        Shell.run("mount --bind " + resolvConf() + " /etc/resolv.conf");
    }

    /** A network namespace that is on the bridge under an address. */
    void network(String name, String ip, int number) throws IOException, InterruptedException {
        Shell.run(
                ("ip netns add %1$s; ip link add v%3$d type veth peer name eth0 netns %1$s; ip link set v%3$d master br0 up;"
                                + " ip -n %1$s addr add %2$s/24 dev eth0; ip -n %1$s link set eth0 up; ip -n %1$s link set lo up;"
                                + " ip -n %1$s route add default via %4$s")
                        .formatted(name, ip, number, Names.SERVER));
    }

    void removeNetwork(String name) throws IOException, InterruptedException {
        Shell.run("ip netns del " + name);
    }
}
