package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the hook before an upgrade does, by a shell, with a command line that writes down what it is told. */
class LeavingTest {
    /** As {@code cluster status -o json} prints it: each node is named once more for each shard. */
    private static final String STATUS = """
            {"cluster":"shop","nodes":[{"id":"demo-eckermann-0"},{"id":"demo-eckermann-1~4f2a91"},{"id":"demo-eckermann-3"},
            {"id" : "demo-eckermann-4~77aa01"},{"id":"elsewhere"}],"shards":[{"nodes":[{"id":"demo-eckermann-0"},
            {"id":"demo-eckermann-1~4f2a91"},{"id":"demo-eckermann-3"},{"id":"demo-eckermann-4~77aa01"}]}]}
            """;

    @TempDir
    private Path directory;

    @Test
    void nodesThatWillHaveNoPodLeaveOnceEachTheHighestFirst() throws Exception {
        Files.writeString(directory.resolve("status.json"), STATUS);
        Path tool = Files.createFile(
                directory.resolve("eckermann"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(tool, """
                #!/bin/sh
                cd %s
                case "$*" in
                  "cluster status -o json") cat status.json ;;
                  *) echo "$*" >>told ;;
                esac
                """.formatted(directory));
        String script = Chart.render("replicaCount: 3")
                .only("Job")
                .at("/spec/template/spec/containers/0/args/0")
                .asText();

        ProcessBuilder shell = new ProcessBuilder(
                "sh",
                "-ec",
                script.replace("/tmp/status", directory.resolve("status").toString()));
        shell.environment().put("PATH", directory + ":" + System.getenv("PATH"));
        Process process = shell.inheritIO().start();

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(directory.resolve("told"))
                .hasContent("cluster remove demo-eckermann-4~77aa01\ncluster remove demo-eckermann-3\n");
    }
}
