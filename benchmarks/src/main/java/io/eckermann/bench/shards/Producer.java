package io.eckermann.bench.shards;

/** Sends on while earlier requests are under way, up to its window; when that is full, until it is half empty. One thread. */
final class Producer {
    private static final int REQUEST_BYTES_MAX = 64 << 10;

    private final Simulation simulation;
    private final Simulation.Leader leader;
    private final double windowBytes;
    private final double requestBytes;
    private double underWay;
    private boolean sending;
    private boolean full;

    Producer(Simulation simulation, Simulation.Leader leader, int windowBytes) {
        this.simulation = simulation;
        this.leader = leader;
        this.windowBytes = windowBytes;
        this.requestBytes = Math.min(REQUEST_BYTES_MAX, windowBytes / 4.0);
    }

    /** Makes the next request, if there is room. */
    void fill() {
        full = full ? underWay > windowBytes / 2 : underWay + requestBytes > windowBytes;
        if (sending || full) {
            return;
        }
        sending = true;
        underWay += requestBytes;
        simulation.send(requestBytes, () -> {
            sending = false;
            leader.append(requestBytes, () -> {
                underWay -= requestBytes;
                fill();
            });
            fill();
        });
    }
}
