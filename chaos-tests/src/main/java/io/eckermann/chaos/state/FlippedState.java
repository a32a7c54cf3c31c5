package io.eckermann.chaos.state;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
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

    /** Files that are written once; the others may be changed by a start, so that each copy needs its own. */
    private static final String NEVER_CHANGED = ".*(\\.(sst|segment|packed|bodies)|/log_\\d+-\\d+)";

    private static final String SNAPSHOTS = "state/snapshots/";

    private static final PrintStream ANSWERS = System.out;

    private final Path whole;
    private final Path copy;
    private final Held truth;
    private final Held truthWithSnapshot;

    private FlippedState(Path directory, Path copies) throws IOException {
        whole = copies.resolve("whole");
        copy = copies.resolve("copy");
        delete(whole);
        for (Path file : files(directory)) {
            if (!file.startsWith(directory.resolve(UNPACKED))) {
                Files.copy(file, whole.resolve(directory.relativize(file).toString()));
            }
        }
        copyAnew("");
        truth = Held.in(copy, false);
        copyAnew("");
        truthWithSnapshot = Held.in(copy, true);
    }

    /** With the directory that is whole and a place for copies; reads lines with a file in it, a byte and a bit from stdin. */
    public static void main(String[] arguments) throws Exception {
        System.setOut(System.err); // what is logged is no answer
        FlippedState state = new FlippedState(Path.of(arguments[0]), Path.of(arguments[1]));
        say(state.truthWithSnapshot.text());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", -1);
                say(state.with(words[0], Long.parseLong(words[1]), Integer.parseInt(words[2])));
            }
        }
    }

    private String with(String file, long at, int bit) throws IOException {
        copyAnew(file);
        boolean withSnapshot = file.startsWith(SNAPSHOTS);
        Held expected = withSnapshot ? truthWithSnapshot : truth;
        try (RandomAccessFile bytes = new RandomAccessFile(copy.resolve(file).toFile(), "rw")) {
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(value ^ 1 << bit);
        }
        try {
            Held held = Held.in(copy, withSnapshot);
            return held.equals(expected) ? HELD : WRONG + " " + held.text() + " in place of " + expected.text();
        } catch (IOException e) {
            return REFUSED + " " + causes(e);
        } catch (RuntimeException | Error e) {
            return (Held.isRefusal(e) ? REFUSED : BROKE) + " " + causes(e);
        }
    }

    /** All of it; what is not changed, and is not the one that is to be flipped, is there by another name. */
    private void copyAnew(String flipped) throws IOException {
        delete(copy);
        for (Path file : files(whole)) {
            String name = whole.relativize(file).toString();
            if (name.matches(NEVER_CHANGED) && !name.equals(flipped)) {
                Files.createLink(copy.resolve(name), file);
            } else {
                Files.copy(file, copy.resolve(name));
            }
        }
    }

    /** With their directories, which come first. */
    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.toList();
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            for (Path file :
                    files(directory).stream().sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
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
        ANSWERS.println(line);
        ANSWERS.flush();
    }
}
