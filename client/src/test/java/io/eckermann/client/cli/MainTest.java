package io.eckermann.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "apend t          | There is no verb apend: did you mean append?",
                "topic creat t    | There is no verb creat: did you mean create?",
                "read t --form 3  | There is no option --form: did you mean --from?",
                "read             | Missing required parameter: 'TOPIC'",
                "read t u         | 'u' is one too many",
                "read t --from x  | --from",
                "read t --from 1 --last 2 | mutually exclusive",
                "read t -o xml    | xml",
                "read t --time soon | soon",
                "topic            | needs a verb: create, list",
                "cursor set c t   | POSITION",
                "tail t -o json   | use -o ndjson",
                "append t a --file f | exclude each other",
                "append t a b --id 1 | --id names one event",
                "append t --lines json --type T | --lines raw",
                "append t a --fail-if-match tpye=A | neither type=… nor tag=…",
                "append t a --after 3 | --after belongs to --fail-if-match",
                "append t --fence f=1 | give payloads as arguments",
                "read t --match tag=x --type A | leave out --type and --tag",
                "read t --timeout 5 | 500ms",
                "read t --endpoints nowhere | host:port"
            })
    void wrongUseIsOneLineThatSaysWhatToDo(String line, String expected) {
        assertThat(run(line.trim().split("\\s+"))).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).startsWith("eckermann: ").contains(expected).hasLineCount(1);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void everyVerbShowsItsHelp() {
        everyVerbShowsItsHelp(Main.commandLine(new Main(console(), Map.of())));
    }

    private void everyVerbShowsItsHelp(CommandLine parent) {
        parent.getSubcommands().values().forEach(verb -> {
            assertThat(verb.getUsageMessage()).contains("Usage:").contains("--help");
            everyVerbShowsItsHelp(verb);
        });
    }

    @Test
    void withoutAVerbTheVerbsAreShown() {
        assertThat(run()).isEqualTo(ExitCode.OK);
        assertThat(text(out)).contains("up", "demo", "append", "tail", "Exit codes");
    }

    @Test
    void completionKnowsTheVerbs() {
        assertThat(run("completion", "zsh")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).contains("topic", "--endpoints", "complete -F");
    }

    @Test
    void unreachableClusterIsUnavailable() {
        assertThat(run("topic", "list", "--endpoints", "127.0.0.1:1", "--timeout", "300ms"))
                .isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(text(err)).startsWith("eckermann: ").hasLineCount(1);
    }

    @Test
    void missingFileIsNamed() {
        assertThat(run("append", "t", "--file", directory.resolve("none").toString(), "--endpoints", "127.0.0.1:1"))
                .isEqualTo(ExitCode.ERROR);
        assertThat(text(err)).contains("There is no file").contains("none").hasLineCount(1);
    }

    @Test
    void upRefusesADirectoryOfSomebodyElse() throws IOException {
        Files.writeString(directory.resolve("letter.txt"), "dear");
        assertThat(run("up", "--fresh", "--data", directory.toString())).isEqualTo(ExitCode.ERROR);
        assertThat(text(err)).contains("choose another --data").hasLineCount(1);
        assertThat(directory.resolve("letter.txt")).exists();
    }

    @Test
    void closedOutputEndsQuietly() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        Console console = new Console(new ByteArrayInputStream(new byte[0]), closed, err, List.of(), Map.of());
        assertThat(Main.run(console, Map.of(), "version")).isEqualTo(ExitCode.OK);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void versionIsAVerbAndAnOption() {
        assertThat(run("version")).isEqualTo(ExitCode.OK);
        assertThat(text(out)).startsWith("eckermann ").hasLineCount(1);
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(text(err)).isEmpty();
    }

    private int run(String... arguments) {
        return Main.run(
                console(), Map.of(ClusterOptions.DATA, directory.resolve("none").toString()), arguments);
    }

    private Console console() {
        return new Console(new ByteArrayInputStream(new byte[0]), out, err, List.of(), Map.of());
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
