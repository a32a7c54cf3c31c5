package io.eckermann.bench.shards;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Appends as queues see them: a producer's request waits for a place in an entry; the entry passes the leader's cores and
 * its line, is written and forced there and at the followers, and once a majority has it the leader applies and answers.
 * Leaders go round the nodes. Services vary by half of their mean, drawn from a seed; the same seed gives the same result.
 */
final class Simulation {
    /** Half of what an entry costs a processor comes before the disk, half with applying and answering. */
    private static final double BEFORE = 0.5;
    /** 10 Gbit/s. */
    private static final double LINE_BYTES_PER_SECOND = 1.25e9;

    private static final double WARM_SECONDS = 5;
    private static final double SECONDS = 20;
    private static final int MANY = 1_000_000;

    private final Costs costs;
    private final Layout layout;
    private final Random random;
    private final EventQueue events = new EventQueue();
    private final List<Station> cores = new ArrayList<>();
    private final List<Station> disks = new ArrayList<>();
    private final List<Station> lines = new ArrayList<>();
    private final Station client;
    private final List<Leader> leaders = new ArrayList<>();
    private long entries;
    private double answeredBytes;

    /**
     * What came out.
     *
     * @param bytesPerSecond of payload, acknowledged
     * @param entryBytes on average
     * @param coresBusy the share of all nodes' cores that worked, 0 to 1
     */
    record Outcome(double bytesPerSecond, double entryBytes, double coresBusy) {}

    private Simulation(Costs costs, Layout layout, long seed) {
        this.costs = costs;
        this.layout = layout;
        this.random = new Random(seed);
        Station core = new Station(events, layout.cores());
        Station disk = new Station(events, 1);
        Station loopback = new Station(events, MANY);
        for (int node = 0; node < layout.nodes(); node++) {
            cores.add(layout.shared() ? core : new Station(events, layout.cores()));
            disks.add(layout.shared() ? disk : new Station(events, 1));
            lines.add(layout.shared() ? loopback : new Station(events, 1));
        }
        client = layout.shared() ? core : new Station(events, MANY);
        for (int shard = 0; shard < layout.shards(); shard++) {
            leaders.add(new Leader(shard % layout.nodes()));
        }
    }

    /** Simulates it for some seconds. */
    static Outcome run(Costs costs, Layout layout, long seed) {
        return new Simulation(costs, layout, seed).run();
    }

    private Outcome run() {
        for (int i = 0; i < layout.producers(); i++) {
            new Producer(this, leaders.get(i % leaders.size()), layout.windowBytes()).fill();
        }
        events.runUntil(WARM_SECONDS);
        double before = answeredBytes;
        long entriesBefore = entries;
        double busyBefore = busySeconds();
        events.runUntil(WARM_SECONDS + SECONDS);
        double bytes = answeredBytes - before;
        int machines = layout.shared() ? 1 : layout.nodes();
        return new Outcome(
                bytes / SECONDS,
                bytes / Math.max(1, entries - entriesBefore),
                (busySeconds() - busyBefore) / (SECONDS * machines * layout.cores()));
    }

    private double busySeconds() {
        return cores.stream().distinct().mapToDouble(Station::busySeconds).sum();
    }

    /** A time around this one. */
    private double around(double seconds) {
        return seconds * (0.5 + random.nextDouble());
    }

    /** A producer's request has been made, which takes the load's processors. */
    void send(double bytes, Runnable made) {
        client.serve(around(costs.clientByte() * bytes), made);
    }

    /** The leader of one shard, with those who follow it. */
    final class Leader {
        private final int node;
        private final Batch batch = new Batch(this::propose);
        private final List<LogWriter> writers = new ArrayList<>();

        Leader(int node) {
            this.node = node;
            for (int each = 0; each < layout.nodes(); each++) {
                Station disk = disks.get(each);
                writers.add(new LogWriter((bytes, done) ->
                        disk.serve(costs.diskByte() * bytes, () -> events.after(around(costs.force()), done))));
            }
        }

        void append(double bytes, Runnable answered) {
            batch.add(bytes, answered);
        }

        private void propose(double bytes, List<Runnable> answers) {
            entries++;
            int[] forced = {0};
            Runnable onForced = () -> {
                if (++forced[0] == layout.nodes() / 2 + 1) {
                    apply(bytes, answers);
                }
            };
            cores.get(node).serve(around(costs.leader(bytes) * BEFORE), () -> {
                for (int i = 0; i < layout.nodes(); i++) {
                    int to = i;
                    if (to == node) {
                        writers.get(to).write(bytes, onForced);
                    } else {
                        lines.get(node).serve(bytes / LINE_BYTES_PER_SECOND, () -> follow(to, bytes, onForced));
                    }
                }
            });
        }

        private void follow(int at, double bytes, Runnable onForced) {
            double half = costs.follower(bytes) * BEFORE;
            cores.get(at)
                    .serve(
                            around(half),
                            () -> writers.get(at).write(bytes, () -> {
                                onForced.run();
                                cores.get(at).serve(around(half), () -> {});
                            }));
        }

        private void apply(double bytes, List<Runnable> answers) {
            cores.get(node).serve(around(costs.leader(bytes) * (1 - BEFORE)), () -> {
                answeredBytes += bytes;
                batch.answered();
                answers.forEach(Runnable::run);
            });
        }
    }
}
