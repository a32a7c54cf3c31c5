package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.host.Patience;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * N11: while a node is down, a bit of one of its files flips. It must refuse to start and say why, or never have needed the
 * bit; it must never hand out wrong bytes. When it refused, the bit is put back: that is the operator with a copy.
 */
record Corruption(Place place) implements Nemesis {
    private static final Duration START = Duration.ofSeconds(60);

    /** Where the bit is. */
    enum Place {
        LOG("log_.*"),
        META("raft-meta"),
        TABLE(".*\\.sst"),
        MANIFEST("MANIFEST-.*");

        private final String pattern;

        Place(String pattern) {
            this.pattern = pattern;
        }
    }

    @Override
    public String id() {
        return "N11";
    }

    @Override
    public String name() {
        return "bit-flip-" + place.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Strike strike(Testbed bed, Choices choices) throws Exception {
        Server victim = bed.targets(Testbed.Whom.FOLLOWER, choices).get(0);
        victim.kill();
        Optional<Path> file = file(victim, choices);
        Map<String, Object> facts = new LinkedHashMap<>();
        if (file.isEmpty()) {
            facts.put("nothing", "no file of this kind");
            return flipped(victim, Path.of("none"), -1, 0, facts);
        }
        long written = lastWritten(file.get());
        long at = written <= 16 ? 0 : 8 + choices.below(Math.max(1, written - 16));
        int bit = 1 << choices.below(8);
        flip(file.get(), at, bit);
        facts.put("file", file.get().getFileName() + " byte " + at + " of " + Files.size(file.get()));
        victim.start();
        Patience.until(START, () -> !victim.isAlive() || bed.servers().isReady(victim));
        facts.put("refused", !victim.isAlive());
        victim.exitCode().ifPresent(code -> facts.put("exit", code));
        return flipped(victim, file.get(), at, bit, facts);
    }

    private Optional<Path> file(Server victim, Choices choices) throws IOException {
        try (Stream<Path> files = Files.walk(victim.data())) {
            List<Path> candidates = files.filter(Files::isRegularFile)
                    .filter(path -> path.getFileName().toString().matches(place.pattern))
                    .filter(path -> path.toFile().length() > 0)
                    .sorted()
                    .toList();
            return candidates.isEmpty() ? Optional.empty() : Optional.of(choices.one(candidates));
        }
    }

    /** Behind it there are zeros: segments are made longer before they are written. */
    private static long lastWritten(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static void flip(Path file, long at, int bit) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int old = bytes.read();
            bytes.seek(at);
            bytes.write(old ^ bit);
        }
    }

    private static Strike flipped(Server victim, Path file, long at, int bit, Map<String, Object> facts) {
        return Strike.on(List.of(victim), new Evidence(at >= 0, facts), () -> {
            if (victim.isAlive()) {
                return;
            }
            if (at >= 0 && Files.exists(file)) {
                flip(file, at, bit);
            }
            victim.start();
        });
    }
}
