package io.eckermann.chaos.flips;

import io.eckermann.chaos.cluster.NodeProgram;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.Edn;
import io.eckermann.chaos.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Flips one bit of a node's directory at a time, and looks what its own classes make of that: it is refused, by the name of the
 * file, or all that is read is as it was. Whether it was is judged from the history.
 */
public final class Flips {
    private static final int SAID_CHARACTERS_MAX = 400;

    private final NodeProgram program;
    private final Path whole;
    private final Path copies;
    private final Path log;
    private final History history;
    private final Choices choices;

    /**
     * Flips nothing yet.
     *
     * @param whole the directory of a node that has ended; stays as it is
     * @param copies a place for copies of it
     * @param log gets what the node's classes log
     */
    public Flips(NodeProgram program, Path whole, Path copies, Path log, History history, long seed) {
        this.program = program;
        this.whole = whole;
        this.copies = copies;
        this.log = log;
        this.history = history;
        this.choices = Choices.of(seed, "flips");
    }

    /** Flips so many, in files of all kinds in turn. */
    public void run(int count) throws Exception {
        Map<FlipKind, List<Path>> files = new LinkedHashMap<>();
        for (FlipKind kind : FlipKind.values()) {
            files.put(kind, kind.of(whole));
        }
        files.values().removeIf(List::isEmpty);
        if (files.isEmpty()) {
            throw new IOException("There is nothing to flip a bit of in " + whole);
        }
        List<Map.Entry<FlipKind, List<Path>>> kinds = List.copyOf(files.entrySet());
        Reader reader = new Reader(program, whole, copies, log);
        try {
            for (int i = 0; i < count; i++) {
                Map.Entry<FlipKind, List<Path>> kind = kinds.get(i % kinds.size());
                flip(reader, kind.getKey(), choices.one(kind.getValue()));
                if (!reader.isAlive()) {
                    reader = new Reader(program, whole, copies, log);
                }
            }
        } finally {
            reader.kill();
        }
    }

    private void flip(Reader reader, FlipKind kind, Path file) throws IOException {
        long at = choices.below(written(file));
        int bit = choices.below(Byte.SIZE);
        String outcome = reader.outcome(whole.relativize(file).toString(), at, bit);
        int space = outcome.indexOf(' ');
        String said = space < 0 ? "" : outcome.substring(space + 1);
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("kind", Edn.keyword(kind.word()));
        value.put("file", file.getFileName().toString());
        value.put("byte", at);
        value.put("bit", bit);
        value.put("outcome", Edn.keyword(space < 0 ? outcome : outcome.substring(0, space)));
        value.put("named", names(said, file));
        value.put("said", said.substring(0, Math.min(said.length(), SAID_CHARACTERS_MAX)));
        history.nemesis("flip", value);
    }

    /** The file, or the directory of the snapshot or the index that it belongs to, which are restored as a whole. */
    private boolean names(String said, Path file) {
        String directory =
                whole.relativize(Objects.requireNonNull(file.getParent())).toString();
        return said.contains(file.getFileName().toString())
                || said.matches(".*[/ ]" + Pattern.quote(directory) + "\\b.*");
    }

    /** Up to its last byte that is not zero: segments are made longer before they are written. */
    private static long written(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 1 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }
}
