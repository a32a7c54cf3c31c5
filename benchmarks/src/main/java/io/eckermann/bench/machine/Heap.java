package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much of another JVM's heap is live, by the JDK's jcmd. */
public final class Heap {
    /** A generation, or the whole heap, of any collector; classes are listed without a total before them. */
    private static final Pattern USED = Pattern.compile("(?:total|committed)\\s+(?:reserved )?\\d+K,.*?used (\\d+)K");

    private Heap() {}

    /** Bytes in use right after a full collection; empty when the process does not answer. */
    public static OptionalLong liveBytes(long pid) throws IOException, InterruptedException {
        if (jcmd(pid, "GC.run").isEmpty()) {
            return OptionalLong.empty();
        }
        return used(jcmd(pid, "GC.heap_info"));
    }

    static OptionalLong used(String heapInfo) {
        long bytes = 0;
        boolean found = false;
        for (String line : heapInfo.lines().toList()) {
            Matcher used = USED.matcher(line);
            if (!line.contains("Metaspace") && !line.contains("class space") && used.find()) {
                bytes += Long.parseLong(used.group(1)) << 10;
                found = true;
            }
        }
        return found ? OptionalLong.of(bytes) : OptionalLong.empty();
    }

    /** What it printed; empty when it failed. */
    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(List.of(jcmd.toString(), Long.toString(pid), command))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output : "";
    }
}
