package io.eckermann.bench.shards;

import java.util.List;

/**
 * What an entry of appends costs: so much by itself, and so much for each of its bytes.
 *
 * @param leaderEntry processor seconds of the leader, door and apply included
 * @param followerEntry the same of each follower
 * @param clientByte of the load generator
 * @param force seconds that forcing takes the disk, however little it is; it may do several things meanwhile
 * @param diskByte seconds in which it does nothing else
 */
record Costs(
        double leaderEntry,
        double leaderByte,
        double followerEntry,
        double followerByte,
        double clientByte,
        double force,
        double diskByte) {
    /** The straight lines through what was measured with large entries and with small ones, both with one shard. */
    static Costs of(List<MeasuredRow> measured, List<DiskRow> disks) {
        List<MeasuredRow> one =
                measured.stream().filter(row -> row.shards() == 1).toList();
        if (one.size() < 2 || disks.size() < 2) {
            throw new IllegalArgumentException(
                    "Costs need two loads of one shard, and the disk's two times, with much and with little.");
        }
        MeasuredRow large = one.get(0);
        MeasuredRow small = one.get(1);
        Line leader = Line.through(
                small.entryBytes(), small.leaderSeconds() / 1e9 * small.entryBytes(),
                large.entryBytes(), large.leaderSeconds() / 1e9 * large.entryBytes());
        Line follower = Line.through(
                small.entryBytes(), small.followerSeconds() / 1e9 * small.entryBytes(),
                large.entryBytes(), large.followerSeconds() / 1e9 * large.entryBytes());
        DiskRow much = disks.get(0);
        DiskRow little = disks.get(1);
        Line disk = Line.through(little.bytes(), little.ms() / 1e3, much.bytes(), much.ms() / 1e3);
        return new Costs(
                leader.base(),
                leader.slope(),
                follower.base(),
                follower.slope(),
                large.clientSeconds() / 1e9,
                disk.base(),
                disk.slope());
    }

    private record Line(double base, double slope) {
        /** Neither falls nor begins below zero: what is measured is not exact. */
        static Line through(double x1, double y1, double x2, double y2) {
            double slope = Math.max(0, (y2 - y1) / (x2 - x1));
            double base = y1 - slope * x1;
            return base >= 0 ? new Line(base, slope) : new Line(0, y2 / x2);
        }
    }

    /** All but the disk's multiplied by this: how much slower processors are while others use them. */
    Costs slower(double times) {
        return new Costs(
                leaderEntry * times,
                leaderByte * times,
                followerEntry * times,
                followerByte * times,
                clientByte * times,
                force,
                diskByte);
    }

    double leader(double bytes) {
        return leaderEntry + leaderByte * bytes;
    }

    double follower(double bytes) {
        return followerEntry + followerByte * bytes;
    }
}
