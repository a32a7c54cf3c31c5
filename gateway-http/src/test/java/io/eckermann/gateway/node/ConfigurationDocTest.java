package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is made from the table of settings. */
final class ConfigurationDocTest {
    private static final Path FILE =
            Path.of(System.getProperty("eckermann.root", "..")).resolve("docs/configuration.md");

    private static final String JVM = """

            ## The JVM

            `eckermann-node` starts every node, also those of `up`; it lies in `bin`, with `lib` and its jars beside. `node.options`
            next to it has the JVM's options, one a line, and for which versions of Java (17 to 25) each is meant.
            `ECKERMANN_NODE_OPTS` adds options that count more; another collector needs `-XX:-UseG1GC` as well.
            `ECKERMANN_NODE_OPTS_FILE` names a file to read instead of `node.options`. Java is that of `JAVA_HOME`, else the first
            on the path.

            Where a node's memory goes. Idle, it has about 250 MB resident, and 205 MB when it starts from an archive of classes.

            | memory | at most | for what |
            |---|---|---|
            | heap | 512 MiB | Raft's cache of entries (about two segments, `raft.segment-size`), requests waiting for their turn (32 MiB), requests under way |
            | direct | 256 MiB for each of three | Netty at the doors, the Netty inside Ratis, and Ratis's own buffers count for themselves and are far below |
            | outside the JVM's limits | | RocksDB's memtables and block cache, classes and compiled code (about 100 MB), thread stacks, mapped files |

            Half of what a start costs the processor is loading classes. `eckermann-node rehearse` plays a small cluster through on
            temporary data, free ports and loopback, and writes an archive into `archive` beside `lib`: of classes, and on Java 25 of
            what the JVM learnt of the methods too. Run it once for each JVM and set of jars, as when an image or a package is made;
            the `eckermann` script does so in the background when it has built. An archive that does not fit is left aside.
            """;

    @Test
    void configurationPageSaysWhatTheTableSays() throws Exception {
        if (Boolean.getBoolean("configuration.rewrite")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, page());
        }
        assertThat(FILE)
                .as("run this test with -Dconfiguration.rewrite=true and commit the file")
                .hasContent(page());
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # Configuration of a node

                <!-- Made from the table of settings by ConfigurationDocTest; -Dconfiguration.rewrite=true writes it anew. -->

                One YAML file (`--config <file>`); every key can also be set as an environment variable, and with `--set key=value`
                (repeatable). `--set` counts more than the environment, the environment more than the file. Nested keys may be written
                nested or dotted. Lists are written as YAML also in a variable or in `--set`. An unknown key is an error. Durations are
                written `500ms`, `5s`, `2m`, `1h`; sizes `512B`, `64KiB`, `64MiB`, `2GiB`.

                `config` instead of `serve` prints every value and where it came from.

                | key | value | default | environment variable | what it does |
                |---|---|---|---|---|
                """);
        for (Setting<?> setting : Settings.ALL) {
            page.append("| `").append(setting.key());
            page.append("` | ").append(setting.type());
            page.append(" | ").append(setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`");
            page.append(" | `").append(setting.environmentName());
            page.append("` | ").append(setting.description()).append(" |\n");
        }
        return page.append(JVM).toString();
    }
}
