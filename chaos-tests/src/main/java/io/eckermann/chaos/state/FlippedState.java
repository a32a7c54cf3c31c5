package io.eckermann.chaos.state;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program that looks into copies of a stopped node's directory, in each of which one bit is flipped, as the node would with its own
 * jars: says what it is refused for, or whether it reads the same as without.
 */
public final class FlippedState {
    /** All is as it was. */
    public static final String HELD = "held";
    /** It is refused in words, which follow. */
    public static final String REFUSED = "refused";
    /** Something else was read. */
    public static final String WRONG = "wrong";
    /** It ended with something that is no sentence for an operator. */
    public static final String BROKE = "broke";

    /** The machine code that is unpacked for RocksDB. */
    private static final String UNPACKED = "state/native";

    private final Path whole;
    private final Path copy;
    private final Held truth;

    private FlippedState(Path whole, Path copy) throws IOException {
        this.whole = whole;
        this.copy = copy;
        copyAnew();
        truth = Held.in(copy);
    }

    /** With the directory that is whole and a place for copies; reads lines with a file in it, a byte and a bit from stdin. */
    public static void main(String[] arguments) throws Exception {
        FlippedState state = new FlippedState(Path.of(arguments[0]), Path.of(arguments[1]));
        say(state.truth.text());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                say(state.with(words[0], Long.parseLong(words[1]), Integer.parseInt(words[2])));
            }
        }
    }

    private String with(String file, long at, int bit) throws IOException {
        copyAnew();
        try (RandomAccessFile bytes = new RandomAccessFile(copy.resolve(file).toFile(), "rw")) {
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(value ^ 1 << bit);
        }
        try {
            Held held = Held.in(copy);
            return held.equals(truth) ? HELD : WRONG + " " + held.text() + " in place of " + truth.text();
        } catch (IOException e) {
            return REFUSED + " " + causes(e);
        } catch (RuntimeException | Error e) {
            return (Held.isRefusal(e) ? REFUSED : BROKE) + " " + causes(e);
        }
    }

    private void copyAnew() throws IOException {
        if (Files.exists(copy)) {
            try (Stream<Path> old = Files.walk(copy)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(whole)) {
            files = all.filter(file -> !file.startsWith(whole.resolve(UNPACKED)))
                    .toList();
        }
        for (Path file : files) {
            Files.copy(file, copy.resolve(whole.relativize(file).toString()));
        }
    }

    /** In one line, each by the text for people that it has. */
    private static String causes(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = failure; each != null; each = each.getCause()) {
            text.append(text.isEmpty() ? "" : " <- ").append(each.getMessage() == null ? each : each.getMessage());
        }
        return text.toString().replace('\n', ' ');
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
