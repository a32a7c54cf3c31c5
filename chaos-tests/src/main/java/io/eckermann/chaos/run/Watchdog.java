package io.eckermann.chaos.run;

import io.eckermann.chaos.host.Resources;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends a run that does not end: removes what it made, and this process with it. */
final class Watchdog implements AutoCloseable {
    static final int EXIT_STUCK = 3;
    private static final Duration CLEAN_UP = Duration.ofSeconds(20);

    private final CountDownLatch over = new CountDownLatch(1);

    Watchdog(Duration limit, Resources resources) {
        Thread thread = new Thread(() -> watch(limit, resources), "watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch(Duration limit, Resources resources) {
        try {
            if (over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            return;
        }
        System.err.println("chaos: no end within " + limit.toSeconds() + " s; what the threads are at:");
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            if (!thread.isDaemon() && stack.length > 0) {
                System.err.println("  " + thread.getName() + ": " + String.join(" < ", frames(stack)));
            }
        });
        cleanUp(resources);
        Runtime.getRuntime().halt(EXIT_STUCK);
    }

    /** Not for ever: whoever is stuck may be stuck in making one of them. The kernel removes what is left. */
    private static void cleanUp(Resources resources) {
        Thread thread = new Thread(resources::removeAll, "clean-up of the watchdog");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(CLEAN_UP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String[] frames(StackTraceElement[] stack) {
        return java.util.Arrays.stream(stack)
                .limit(12)
                .map(StackTraceElement::toString)
                .toArray(String[]::new);
    }

    @Override
    public void close() {
        over.countDown();
    }
}
