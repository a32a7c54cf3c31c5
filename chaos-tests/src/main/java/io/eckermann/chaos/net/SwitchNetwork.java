package io.eckermann.chaos.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A network through {@code chaos_switch}, a process that carries Ethernet frames. Thread safe. */
public final class SwitchNetwork implements Network, AutoCloseable {
    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    /** @param on what to put before its command, so that it sees the ports */
    public SwitchNetwork(Path program, List<String> on, String... ports) throws IOException {
        List<String> command = new ArrayList<>(on);
        command.add(program.toString());
        command.addAll(List.of(ports));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        in = process.outputWriter(StandardCharsets.US_ASCII);
        out = process.inputReader(StandardCharsets.US_ASCII);
        String up = out.readLine();
        if (up == null || !up.startsWith("up")) {
            throw new IOException("The switch did not start: " + up);
        }
    }

    @Override
    public String name() {
        return "chaos_switch";
    }

    @Override
    public void link(int from, int to, Link link) throws IOException {
        String answer = ask(String.format(
                Locale.ROOT,
                "link %d %d %f %f %f %f %f %f",
                from,
                to,
                link.lossPercent(),
                link.delayMs(),
                link.jitterMs(),
                link.duplicatePercent(),
                link.corruptPercent(),
                link.kbytesPerSecond()));
        if (!answer.equals("ok")) {
            throw new IOException("The switch says " + answer);
        }
    }

    @Override
    public Counts counts() throws IOException {
        String[] words = ask("stat").split(" ", -1);
        return new Counts(
                Long.parseLong(words[1]),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Long.parseLong(words[5]));
    }

    @Override
    public boolean knowsPackets() {
        return true;
    }

    private synchronized String ask(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
        String answer = out.readLine();
        if (answer == null) {
            throw new IOException("The switch has ended.");
        }
        return answer;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
