package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much of another JVM's heap is live, by the JDK's jcmd. */
public final class Heap {
    /** The last line: objects and bytes of all classes. */
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    private Heap() {}

    /** Bytes of the objects that a full collection leaves, of the process with most; empty when none answers. */
    public static OptionalLong mostLiveBytes(List<Long> pids) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        List<Process> asked = new ArrayList<>();
        for (long pid : pids) {
            // All at once: starting it takes longer than what it does.
            asked.add(new ProcessBuilder(List.of(jcmd.toString(), Long.toString(pid), "GC.class_histogram"))
                    .redirectErrorStream(true)
                    .start());
        }
        OptionalLong most = OptionalLong.empty();
        for (Process process : asked) {
            String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            OptionalLong live = process.waitFor() == 0 ? total(histogram) : OptionalLong.empty();
            if (live.isPresent()) {
                most = OptionalLong.of(Math.max(live.getAsLong(), most.orElse(0)));
            }
        }
        return most;
    }

    static OptionalLong total(String histogram) {
        Matcher total = TOTAL.matcher(histogram);
        return total.find() ? OptionalLong.of(Long.parseLong(total.group(1))) : OptionalLong.empty();
    }
}
