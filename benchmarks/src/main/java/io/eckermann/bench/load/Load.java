package io.eckermann.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Producers at work, one thread each, from {@link #start} until {@link #stop}. */
public abstract class Load {
    /** How long acknowledgements that are still out are waited for. */
    protected static final Duration LAST_ACKS = Duration.ofSeconds(60);

    protected final AtomicBoolean stopped = new AtomicBoolean();

    private final List<Thread> threads = new ArrayList<>();
    private final List<Tally> tallies = new ArrayList<>();

    /** Adds a producer. */
    protected final void add(String name, Tally tally, Runnable work) {
        tallies.add(tally);
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
    }

    public final void start() {
        threads.forEach(Thread::start);
    }

    /** Ends the producers and waits for what is under way. */
    public final void stop() throws InterruptedException {
        stopped.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** What the producers have counted so far. */
    public final Tallies tallies() {
        return new Tallies(tallies);
    }
}
