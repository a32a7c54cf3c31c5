package io.eckermann.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What is in the image; {@code -Dimage.archive=FILE} names one that was built. {@link KubeletTest} runs it then, and {@code
 * image/twice.sh} compares two.
 */
@EnabledIfSystemProperty(named = "image.archive", matches = ".+")
class ImageTest {
    private final ImageArchive archive = new ImageArchive(Repository.file(System.getProperty("image.archive", "")));

    @Test
    void runsTheNodeAsAUserWithoutRightsAndIsOfNoTime() throws Exception {
        JsonNode config = archive.config();
        JsonNode run = config.path("config");
        assertThat(run.path("User").asText()).isEqualTo("10001:10001");
        assertThat(run.path("Entrypoint").path(0).asText()).isEqualTo("/opt/eckermann/bin/eckermann-node");
        assertThat(run.path("Env").toString()).contains("PATH=/opt/eckermann/bin:", "JAVA_HOME=/opt/java");
        assertThat(config.path("created").asText()).startsWith("1970-01-01T00:00:00");
        assertThat(config.path("os").asText() + "/"
                        + config.path("architecture").asText())
                .isEqualTo("linux/amd64");
    }

    @Test
    void nothingGivesRightsAndNothingButTheDataCanBeWrittenByAll() throws Exception {
        List<String[]> files = archive.files();
        assertThat(files).hasSizeGreaterThan(100);
        assertThat(files.stream()
                        .filter(file -> !file[0].startsWith("l") && file[0].charAt(8) == 'w')
                        .map(file -> "/" + file[5].replaceFirst("^[.]/", "")))
                .allMatch(name -> name.matches("/(var/lib/eckermann|tmp|var/tmp|var/lock|dev/.*)/?"));
        assertThat(files.stream().filter(file -> file[5].startsWith("opt/")))
                .noneMatch(file -> file[0].contains("s") || file[0].contains("t"));
    }

    @Test
    void whatIsInItIsWrittenDown() throws Exception {
        JsonNode sbom = Repository.JSON.readTree(
                Repository.file("helm/target/dist/sbom.json").toFile());
        List<String> known = new ArrayList<>();
        sbom.path("components")
                .forEach(part -> known.add(
                        part.path("name").asText() + "-" + part.path("version").asText()));
        List<String[]> files = archive.files();
        List<String> jars = files.stream()
                .map(file -> file[5])
                .filter(name -> name.startsWith("opt/eckermann/lib/") && name.endsWith(".jar"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1).replace(".jar", ""))
                .toList();

        assertThat(files).anyMatch(file -> file[5].equals("opt/eckermann/sbom.json"));
        assertThat(jars).hasSizeGreaterThan(50);
        assertThat(jars)
                .allSatisfy(jar ->
                        assertThat(known).as(jar).anyMatch(part -> jar.equals(part) || jar.startsWith(part + "-")));
    }
}
