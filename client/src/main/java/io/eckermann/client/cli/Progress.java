package io.eckermann.client.cli;

import java.util.concurrent.TimeUnit;

/** A bar on a terminal that shows how much of some bytes was dealt with; elsewhere nothing. */
final class Progress {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BAR_CHARS = 24;

    private final Console console;
    private final long totalBytes;
    private final long startedNs = System.nanoTime();
    private long shownNs = startedNs;

    /** @param totalBytes 0 when it is not known: then nothing is shown */
    Progress(Console console, long totalBytes) {
        this.console = console;
        this.totalBytes = totalBytes;
    }

    void at(long bytes, long events) {
        if (isDue()) {
            show(bytes, events + " events  " + perSecond(events) + "/s");
        }
    }

    /** Where nothing but bytes is counted. */
    void at(long bytes) {
        if (isDue()) {
            show(bytes, Bytes.text(bytes) + "  " + Bytes.text(perSecond(bytes)) + "/s");
        }
    }

    private boolean isDue() {
        long now = System.nanoTime();
        if (totalBytes == 0 || now - shownNs <= INTERVAL_NS) {
            return false;
        }
        shownNs = now;
        return true;
    }

    private long perSecond(long count) {
        return (long) ((double) count * TimeUnit.SECONDS.toNanos(1) / Math.max(1, shownNs - startedNs));
    }

    private void show(long bytes, String counted) {
        int full = (int) Math.min(BAR_CHARS, BAR_CHARS * bytes / totalBytes);
        console.progress("[" + "█".repeat(full) + " ".repeat(BAR_CHARS - full) + "] "
                + Math.min(100, 100 * bytes / totalBytes) + "%  " + counted);
    }

    void done() {
        console.progressDone();
    }
}
