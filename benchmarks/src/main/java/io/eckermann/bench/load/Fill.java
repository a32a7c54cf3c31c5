package io.eckermann.bench.load;

import io.eckermann.bench.system.Sender;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Stores a given number of bytes before a measurement. */
public final class Fill {
    private static final long LOOK_AGAIN_NS = 10_000_000;

    private Fill() {}

    /**
     * Appends until about so many bytes are acknowledged.
     *
     * @throws IOException when any append fails
     */
    public static void with(List<List<Sender>> producers, Payloads payloads, int window, long bytes)
            throws IOException, InterruptedException {
        PipelinedLoad load = new PipelinedLoad(producers, payloads, window);
        load.start();
        try {
            while (load.tallies().bytes() < bytes && load.tallies().failures() == 0) {
                LockSupport.parkNanos(LOOK_AGAIN_NS);
            }
        } finally {
            load.stop();
        }
        if (load.tallies().failures() > 0) {
            throw new IOException(
                    "The topic could not be filled.",
                    load.tallies().firstFailure().orElse(null));
        }
    }
}
