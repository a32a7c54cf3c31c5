package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.nemesis.FailingDisk.Failure;
import io.eckermann.chaos.nemesis.Testbed.Whom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Every fault there is, by name. */
public final class Nemeses {
    private static final long TEN_DAYS_S = 864_000;

    private static final List<Nemesis> ALL = List.of(
            new Partition(Partition.Shape.LEADER),
            new Partition(Partition.Shape.LEADER_AND_CLIENTS),
            new Partition(Partition.Shape.ONE_WAY),
            new Partition(Partition.Shape.BRIDGE),
            new Partition(Partition.Shape.CLIENTS),
            new Partition(Partition.Shape.HALVES),
            new Partition(Partition.Shape.RING),
            new SlowNet(SlowNet.Kind.LATE),
            new SlowNet(SlowNet.Kind.LOSSY),
            new SlowNet(SlowNet.Kind.NARROW),
            new Kill(Whom.LEADER),
            new Kill(Whom.FOLLOWER),
            new Kill(Whom.MAJORITY),
            new Kill(Whom.ALL),
            new RollingKill(),
            new Pause(Whom.LEADER),
            new Pause(Whom.FOLLOWER),
            new Pause(Whom.MAJORITY),
            new Pause(Whom.LEADER, Duration.ofSeconds(15)),
            new Pauses(),
            new PowerCut(Whom.LEADER, false),
            new PowerCut(Whom.FOLLOWER, false),
            new PowerCut(Whom.MAJORITY, false),
            new PowerCut(Whom.ALL, false),
            new PowerCut(Whom.LEADER, true),
            new LaggardCut(),
            new MetaCut(),
            new FullDisk(Whom.LEADER),
            new FullDisk(Whom.FOLLOWER),
            new FullDisk(Whom.MAJORITY),
            new FailingDisk(Failure.FSYNC_ONCE, Whom.LEADER),
            new FailingDisk(Failure.FSYNC_ALWAYS, Whom.FOLLOWER),
            new FailingDisk(Failure.LOG_WRITE_ONCE, Whom.LEADER),
            new FailingDisk(Failure.WRITE_ALWAYS, Whom.FOLLOWER),
            new FailingDisk(Failure.DEAD, Whom.LEADER),
            new FailingDisk(Failure.DEAD, Whom.FOLLOWER),
            ShimFault.fsyncSlow(80, Whom.FOLLOWER),
            ShimFault.fsyncSlow(200, Whom.LEADER),
            ShimFault.fsyncHangs(Whom.FOLLOWER),
            ShimFault.fsyncHangs(Whom.LEADER),
            Corruption.of(Damage.BIT_FLIP, NodeFiles.LOG),
            Corruption.of(Damage.BIT_FLIP, NodeFiles.META),
            Corruption.of(Damage.BIT_FLIP, NodeFiles.TABLE),
            Corruption.of(Damage.BIT_FLIP, NodeFiles.MANIFEST),
            Corruption.of(Damage.BIT_FLIP, NodeFiles.SEGMENT),
            Corruption.of(Damage.BIT_FLIP, NodeFiles.SNAPSHOT),
            new Corruption(Damage.BIT_FLIP, List.of(NodeFiles.LOG), true),
            new Corruption(Damage.BIT_FLIP, List.of(NodeFiles.TABLE), true),
            Corruption.anywhere(Damage.ZEROED),
            Corruption.anywhere(Damage.TRUNCATED),
            Corruption.anywhere(Damage.MISDIRECTED),
            new RolledBack(NodeFiles.LOG_TAIL),
            new RolledBack(NodeFiles.MANIFEST),
            Corruption.of(Damage.TRUNCATED, NodeFiles.LOG_TAIL),
            new Rebuild(),
            ShimFault.tornWrite(Whom.ONE),
            ShimFault.clock("forward-30s", 30, 0, Whom.LEADER),
            ShimFault.clock("back-30s", -30, 0, Whom.LEADER),
            ShimFault.clock("back-1h", -3600, 0, Whom.ONE),
            ShimFault.clock("forward-10d", TEN_DAYS_S, 0, Whom.ONE),
            ShimFault.clock("fast-5-percent", 0, 50_000, Whom.LEADER),
            ShimFault.clock("slow-5-percent", 0, -50_000, Whom.LEADER),
            new ClockStrobe(Duration.ofSeconds(2), Whom.LEADER),
            new ClockStrobe(Duration.ofSeconds(30), Whom.ONE),
            new Starve(Whom.LEADER),
            new Starve(Whom.FOLLOWER),
            new Squeeze(Whom.FOLLOWER),
            new Squeeze(Whom.LEADER),
            new OomKill(Whom.LEADER),
            new OomKill(Whom.FOLLOWER),
            new Membership(Membership.Change.ADDED),
            new Membership(Membership.Change.ADDED_WHILE_LEADER_DIES),
            new Membership(Membership.Change.REPLACES_LEADER),
            new Membership(Membership.Change.ALL_REPLACED),
            new MembershipFault(MembershipFault.Kind.ADDED_WHILE_LEADER_IS_CUT_OFF),
            new MembershipFault(MembershipFault.Kind.REMOVED_WHILE_DOWN),
            new SnapshotChurn(),
            new InstallCut(false),
            new InstallCut(true),
            new Restarts(),
            new TransferStorm(),
            new RollingUpgrade(),
            new BadClients());

    /** The fault that needs an earlier build. */
    public static final String ROLLING_UPGRADE = RollingUpgrade.NAME;

    /** Each kind of damage to each kind of file, of which those of the plans draw one. */
    private static final List<Nemesis> DAMAGES = Stream.of(
                    Damage.BIT_FLIP, Damage.ZEROED, Damage.TRUNCATED, Damage.MISDIRECTED)
            .flatMap(way -> Stream.of(NodeFiles.values()).<Nemesis>map(kind -> Corruption.of(way, kind)))
            .filter(damage -> !ALL.contains(damage))
            .toList();

    private Nemeses() {}

    /** Those of which plans are made. */
    public static List<Nemesis> all() {
        return ALL;
    }

    /** Those and others, that only who names them gets. */
    public static List<Nemesis> everyone() {
        return Stream.concat(ALL.stream(), DAMAGES.stream()).toList();
    }

    /**
     * The fault of a name.
     *
     * @throws IllegalArgumentException when there is none of this name; the message has all names
     */
    public static Nemesis named(String name) {
        return everyone().stream()
                .filter(nemesis -> nemesis.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No fault '" + name + "'; there are "
                        + String.join(
                                ", ", everyone().stream().map(Nemesis::name).toList())));
    }
}
