package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs examples of a page with curl, one after the other in one shell, and remembers the status of each answer. */
final class Shell {
    /** The first thing that a comment behind an example may say. */
    private static final Pattern SAID = Pattern.compile("\\s# ([1-5][0-9][0-9])\\b");

    private static final Pattern STATUS = Pattern.compile("(?m)^status ([0-9]{3})$");
    private static final String NEXT = "next example";

    private final Path directory;

    /** @param directory where scripts and outputs are kept */
    Shell(Path directory) {
        this.directory = directory;
    }

    /** The lines of a page's blocks of {@code sh}, and what is written as `curl …` in its text. */
    static List<String> examples(Path page) throws IOException {
        String text = Files.readString(page).replace("\\\n", "");
        List<String> examples = new ArrayList<>();
        boolean inside = false;
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                examples.add(line);
            } else {
                Pattern.compile("`(curl [^`]+)`")
                        .matcher(line)
                        .results()
                        .forEach(found -> examples.add(found.group(1)));
            }
        }
        return examples;
    }

    /**
     * Runs them against a node's HTTP address; those that would go on for ever, {@code curl -N}, for a second.
     *
     * @return what an example came to, where that is not the status its comment tells, or no success
     */
    List<String> failures(List<String> examples, String address) throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder(
                "curl() { command curl -sS --max-time 15 -w '%{stderr}\\nstatus %{http_code}\\n' \"$@\"; }\n");
        for (String example : examples) {
            script.append(example.replaceFirst("^N=.*", "N=http://" + address)
                    .replaceFirst("curl -N ", "curl --max-time 1 -N "));
            script.append("\necho '" + NEXT + "' >&2\n");
        }
        Path file = Files.writeString(Files.createTempFile(directory, "examples", ".sh"), script);
        Path said = Files.createTempFile(directory, "examples", ".txt");
        Process process = new ProcessBuilder("bash", file.toString())
                .directory(Script.root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        process.getOutputStream().close();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String[] answers = Files.readString(said, StandardCharsets.UTF_8).split(NEXT + "\n", -1);
        List<String> failures = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            if (examples.get(i).contains("curl ") && !isAsSaid(examples.get(i), answers[i])) {
                failures.add(examples.get(i) + "\n" + answers[i]);
            }
        }
        return failures;
    }

    private static boolean isAsSaid(String example, String answer) {
        Matcher said = SAID.matcher(example);
        Matcher status = STATUS.matcher(answer);
        return status.find()
                && (said.find()
                        ? status.group(1).equals(said.group(1))
                        : status.group(1).startsWith("2"));
    }
}
