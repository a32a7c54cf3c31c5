package io.eckermann.bench.shards;

import java.util.ArrayDeque;

/** Servers with one queue: the cores of a machine, its disk, or its line. Who comes first is served first. One thread. */
final class Station {
    private final EventQueue events;
    private final int servers;
    private final ArrayDeque<Work> waiting = new ArrayDeque<>();
    private int busy;
    private double busySeconds;

    private record Work(double seconds, Runnable done) {}

    Station(EventQueue events, int servers) {
        this.events = events;
        this.servers = servers;
    }

    void serve(double seconds, Runnable done) {
        waiting.add(new Work(seconds, done));
        begin();
    }

    /** How long its servers have worked, all together. */
    double busySeconds() {
        return busySeconds;
    }

    private void begin() {
        while (busy < servers && !waiting.isEmpty()) {
            Work next = waiting.remove();
            busy++;
            events.after(next.seconds(), () -> {
                busy--;
                busySeconds += next.seconds();
                next.done().run();
                begin();
            });
        }
    }
}
