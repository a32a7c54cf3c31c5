package io.eckermann.bench.workload;

import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.SystemUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One started system and the workloads of one kind that are measured on it, one after the other. Used by one thread. */
final class Session {
    private final SystemUnderTest system;
    private final RunningSystem running;
    private final int repeat;
    private final Settings settings;
    private final long startedNs;
    private final List<String> topics = new ArrayList<>();
    private long loadedNs;

    /**
     * Of a system that has had no load yet.
     *
     * @param startedNs the System.nanoTime() at which its processes were started
     */
    Session(SystemUnderTest system, RunningSystem running, int repeat, Settings settings, long startedNs) {
        this.system = system;
        this.running = running;
        this.repeat = repeat;
        this.settings = settings;
        this.startedNs = startedNs;
    }

    SystemUnderTest system() {
        return system;
    }

    RunningSystem running() {
        return running;
    }

    int repeat() {
        return repeat;
    }

    Settings settings() {
        return settings;
    }

    long startedNs() {
        return startedNs;
    }

    /** For how long the next load runs before it is measured: less when load of the same kind came before. */
    Duration warm() {
        return isFresh() ? settings.warm() : settings.next();
    }

    /** Whether there was no load yet. */
    boolean isFresh() {
        return loadedNs == 0;
    }

    /** Notes that there was load for so long. */
    void loaded(long ns) {
        loadedNs += ns;
    }

    /** How long there was load of this kind so far. */
    double loadedSeconds() {
        return loadedNs / 1e9;
    }

    /** Creates so many topics that nobody used before. */
    List<String> newTopics(int count) throws Exception {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            created.add(settings.topicPrefix() + (topics.size() + i));
        }
        running.createTopics(created);
        topics.addAll(created);
        return created;
    }

    /** How many events all topics of this session hold. */
    long stored() throws Exception {
        return running.count(topics);
    }
}
