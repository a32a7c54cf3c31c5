package io.eckermann.gateway.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/configuration.md is made from the table of settings. */
final class ConfigurationDocTest {
    private static final Path FILE =
            Path.of(System.getProperty("eckermann.root", "..")).resolve("docs/configuration.md");

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
        return page.toString();
    }
}
