package io.eckermann.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine a figure was measured on, for the first columns of its row. */
public record Machine(String cpu, int cores, String kernel, String jdk) {
    /** This machine; "unknown" where it does not tell. */
    public static Machine here() {
        return new Machine(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version", "unknown"),
                System.getProperty("java.runtime.version", "unknown"));
    }

    @Override
    public String toString() {
        return cpu + ", " + cores + " cores, Linux " + kernel + ", JDK " + jdk;
    }

    private static String cpuModel() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
