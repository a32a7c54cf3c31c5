package io.eckermann.bench.load;

import io.eckermann.bench.system.Sender;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Stores a given number of bytes before a measurement. */
public final class Fill {
    private static final long LOOK_AGAIN_NS = 10_000_000;
    private static final long STALL_NS_MAX = 60_000_000_000L;

    private Fill() {}

    /**
     * Appends until about so many bytes are acknowledged. An append that times out does not matter: the topic is counted
     * afterwards.
     *
     * @throws IOException when nothing is acknowledged for a minute
     */
    public static void with(List<List<Sender>> producers, Payloads payloads, int window, long bytes)
            throws IOException, InterruptedException {
        PipelinedLoad load = new PipelinedLoad(producers, payloads, window);
        load.start();
        try {
            long done = 0;
            long progressNs = System.nanoTime();
            while (done < bytes) {
                LockSupport.parkNanos(LOOK_AGAIN_NS);
                long now = load.tallies().bytes();
                if (now > done) {
                    done = now;
                    progressNs = System.nanoTime();
                } else if (System.nanoTime() - progressNs > STALL_NS_MAX) {
                    throw new IOException(
                            "The topic could not be filled.",
                            load.tallies().firstFailure().orElse(null));
                }
            }
        } finally {
            load.stop();
        }
    }
}
