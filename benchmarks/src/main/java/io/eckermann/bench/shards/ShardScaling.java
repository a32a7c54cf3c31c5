package io.eckermann.bench.shards;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What do shards bring where nodes have cores and disks of their own? Takes what appends cost a leader and a follower out of
 * a measurement ({@link ShardCosts}), simulates that measurement on its one machine beside what came out of it, and then
 * machines for each node.
 *
 * <p>Arguments: the measurement's file, and cores of the machine that it was made on (2).
 */
public final class ShardScaling {
    private static final long SEED = 1;

    private final List<MeasuredRow> measured;
    private final Costs costs;
    private final PrintStream out;

    private ShardScaling(List<MeasuredRow> measured, Costs costs, PrintStream out) {
        this.measured = measured;
        this.costs = costs;
        this.out = out;
    }

    /** Prints tables. */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        List<MeasuredRow> measured = MeasuredRow.read(file);
        ShardScaling scaling = new ShardScaling(measured, Costs.of(measured, DiskRow.read(file)), System.out);
        scaling.say();
        scaling.compare(args.length > 1 ? Integer.parseInt(args[1]) : 2);
        for (int nodes : new int[] {3, 5}) {
            scaling.predict(nodes, 2);
            scaling.predict(nodes, 8);
        }
    }

    private void say() {
        print(
                "An entry costs a leader %.2f ms and %.2f s/GB of a processor, a follower %.2f ms and %.2f s/GB, the load"
                        + " %.2f s/GB;",
                costs.leaderEntry() * 1e3,
                costs.leaderByte() * 1e9,
                costs.followerEntry() * 1e3,
                costs.followerByte() * 1e9,
                costs.clientByte() * 1e9);
        print("forcing it takes the disk %.2f ms, and %.2f s/GB.", costs.force() * 1e3, costs.diskByte() * 1e9);
    }

    /** The same machine again, by the ratios to one shard of the same load: those were not used for the costs. */
    private void compare(int cores) {
        print("%nOne machine of %d cores and a disk, three nodes and the load", cores);
        print("shards  window KiB | measured MB/s  ratio | simulated MB/s  ratio  KiB an entry | error of the ratio");
        for (MeasuredRow row : measured) {
            List<MeasuredRow> load = measured.stream()
                    .filter(other -> other.windowKib() == row.windowKib())
                    .toList();
            if (load.size() == 1) {
                continue; // it is here for what small entries cost
            }
            Simulation.Outcome one = again(load.get(0), cores);
            Simulation.Outcome simulated = again(row, cores);
            double ratio = row.bytesPerSecond() / load.get(0).bytesPerSecond();
            double simulatedRatio = simulated.bytesPerSecond() / one.bytesPerSecond();
            print(
                    "%6d  %10d | %13.1f  %5.2f | %14.1f  %5.2f  %12.0f | %+16.0f %%",
                    row.shards(),
                    row.windowKib(),
                    row.bytesPerSecond() / 1e6,
                    ratio,
                    simulated.bytesPerSecond() / 1e6,
                    simulatedRatio,
                    simulated.entryBytes() / 1024,
                    100 * (simulatedRatio / ratio - 1));
        }
    }

    /** Processors that others used were not there for this load. */
    private Simulation.Outcome again(MeasuredRow row, int cores) {
        double free = 1 - row.otherPercent() / 100;
        return Simulation.run(costs.slower(1 / free), Layout.measured(row.shards(), cores, row.windowKib()), SEED);
    }

    private void predict(int nodes, int cores) {
        print("%n%d nodes of %d cores and a disk each, the load elsewhere, 10 Gbit/s", nodes, cores);
        print("shards |    MB/s  ratio  cores busy  KiB an entry | n L/(L+(n-1)F)");
        double one = 0;
        for (int shards : new int[] {1, 2, nodes, 2 * nodes}) {
            Simulation.Outcome outcome = Simulation.run(costs, Layout.apart(nodes, shards, cores), SEED);
            one = one == 0 ? outcome.bytesPerSecond() : one;
            print(
                    "%6d | %7.1f  %5.2f  %8.0f %%  %12.0f | %s",
                    shards,
                    outcome.bytesPerSecond() / 1e6,
                    outcome.bytesPerSecond() / one,
                    100 * outcome.coresBusy(),
                    outcome.entryBytes() / 1024,
                    shards % nodes == 0 ? formula(nodes) : "");
        }
    }

    private String formula(int nodes) {
        double leader = costs.leader(Batch.ENTRY_BYTES);
        double follower = costs.follower(Batch.ENTRY_BYTES);
        return String.format(Locale.ROOT, "%.2f", nodes * leader / (leader + (nodes - 1) * follower));
    }

    private void print(String format, Object... facts) {
        out.printf(Locale.ROOT, format + "%n", facts);
    }
}
