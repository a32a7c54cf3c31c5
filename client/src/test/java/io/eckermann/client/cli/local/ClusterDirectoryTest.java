package io.eckermann.client.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterDirectoryTest {
    @TempDir
    private Path temp;

    @Test
    void layoutIsRememberedWithItsPorts() {
        Path root = temp.resolve("data");
        ClusterDirectory.Cluster made;
        try (ClusterDirectory first = new ClusterDirectory(root)) {
            first.lock();
            made = first.create(PortPlan.FREE.nodes(3));
        }
        try (ClusterDirectory again = new ClusterDirectory(root)) {
            again.lock();
            assertThat(again.cluster()).contains(made);
        }
        assertThat(made.nodes()).extracting(LocalNode::id).containsExactly("n1", "n2", "n3");
    }

    @Test
    void directoryInUseIsRefused() {
        try (ClusterDirectory first = new ClusterDirectory(temp);
                ClusterDirectory second = new ClusterDirectory(temp)) {
            first.lock();
            assertThatThrownBy(second::lock)
                    .isInstanceOf(LocalException.class)
                    .hasMessageContaining("already runs")
                    .hasMessageContaining(temp.toString());
        }
    }

    @Test
    void directoryOfSomebodyElseIsRefused() throws IOException {
        Files.writeString(temp.resolve("letter.txt"), "dear");
        try (ClusterDirectory directory = new ClusterDirectory(temp)) {
            assertThatThrownBy(directory::lock).hasMessageContaining("choose another --data");
        }
    }

    @Test
    void removalLeavesWhatIsNotOurs() throws IOException {
        try (ClusterDirectory directory = new ClusterDirectory(temp)) {
            directory.lock();
            LocalNode node = directory.create(PortPlan.FREE.nodes(1)).nodes().get(0);
            Files.createDirectories(directory.node(node).resolve("log"));
            Files.writeString(directory.node(node).resolve("log").resolve("node.log"), "line");
            Files.writeString(temp.resolve("notes.txt"), "mine");
            directory.removeCluster();
            assertThat(directory.node(node)).doesNotExist();
            assertThat(directory.cluster()).isEmpty();
            directory.removeAll();
        }
        assertThat(temp.resolve("notes.txt")).exists();
        assertThat(temp.resolve("up.lock")).doesNotExist();
    }

    @Test
    void clusterOfAProcessThatEndedIsNotRunning() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        try (ClusterDirectory directory = new ClusterDirectory(temp)) {
            directory.lock();
            directory.create(PortPlan.FREE.nodes(1));
            directory.save(new ClusterDirectory.Running(ended.pid(), List.of()));
        }
        assertThat(RunningNodes.find(temp)).isEmpty();
    }

    @Test
    void processThatIsNoNodeIsNeverKilled() throws Exception {
        Process other = new ProcessBuilder("sleep", "60").start();
        try (ClusterDirectory directory = new ClusterDirectory(temp)) {
            directory.lock();
            directory.create(PortPlan.FREE.nodes(1));
            directory.save(new ClusterDirectory.Running(
                    ProcessHandle.current().pid(), List.of(new ClusterDirectory.NodePid("n1", other.pid()))));
            RunningNodes running = RunningNodes.find(temp).orElseThrow();
            assertThat(running.canKill("n1")).isFalse();
            assertThatThrownBy(() -> running.kill("n1")).isInstanceOf(LocalException.class);
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void portInUseIsNamedWithItsDoorAndWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            LocalNode node = new LocalNode("n1", port, port, port);
            assertThatThrownBy(() -> PortPlan.checkFree(List.of(node)))
                    .hasMessageContaining("Port " + port + " (HTTP of n1) is in use")
                    .hasMessageContaining("--http-port");
        }
    }

    @Test
    void portsCountUpAndMustNotMeet() {
        assertThat(new PortPlan(8081, 7301, 7401).nodes(2))
                .containsExactly(new LocalNode("n1", 7401, 7301, 8081), new LocalNode("n2", 7402, 7302, 8082));
        assertThatThrownBy(() -> new PortPlan(7302, 7301, 7401).nodes(2)).hasMessageContaining("twice");
        assertThatThrownBy(() -> new PortPlan(65_535, 7301, 7401).nodes(2)).hasMessageContaining("65536");
    }
}
