package io.eckermann.gateway.node;

import java.time.Duration;
import java.util.List;

/** The part of the table of {@link Settings} that says how nodes compare their states. */
final class DigestSettings {
    static final Setting<Duration> INTERVAL = new Setting<>(
            "digest.interval",
            "duration",
            "1h",
            Durations::parse,
            "How often all nodes work out what their states come to at one entry of the log, and compare that; 0s: only when"
                    + " asked (`eckermann admin digest`). A node that differs from a majority stops, and sets aside what it has.");
    static final Setting<ByteSize> SPEED = new Setting<>(
            "digest.speed",
            "size",
            "16MiB",
            ByteSize::parse,
            "How much of its state a node reads in a second at most for that.");

    static final List<Setting<?>> ALL = List.of(INTERVAL, SPEED);

    private DigestSettings() {}
}
