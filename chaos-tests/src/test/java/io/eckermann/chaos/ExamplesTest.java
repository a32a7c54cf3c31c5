package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the pages of docs. */
class ExamplesTest {
    private static final Path EXAMPLE = Script.root().resolve("docs/examples/Invoices.java");

    @TempDir
    private Path directory;

    @Test
    void exampleOfALoopCompilesWithTheClient() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        said,
                        said,
                        "-d",
                        directory.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EXAMPLE.toString());
        assertThat(failed).as(said.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Test
    void loopOnThePageIsThatOfTheExample() throws IOException {
        String page = Files.readString(Script.root().resolve("docs/steps.md"));
        String loop = page.substring(page.indexOf("```java\n") + "```java\n".length(), page.indexOf("```\n"));
        assertThat(loop).isNotBlank();
        assertThat(Files.readString(EXAMPLE)).contains(loop);
    }
}
