package io.eckermann.chaos.nemesis;

import io.eckermann.chaos.nemesis.Testbed.Whom;
import java.time.Duration;
import java.util.List;

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
            new MetaCut(),
            new FullDisk(Whom.LEADER),
            new FullDisk(Whom.FOLLOWER),
            ShimFault.fsyncFails(true, Whom.LEADER),
            ShimFault.fsyncFails(false, Whom.FOLLOWER),
            ShimFault.fsyncSlow(80, Whom.FOLLOWER),
            ShimFault.fsyncSlow(200, Whom.LEADER),
            new Corruption(DamagedFile.Kind.LOG, false),
            new Corruption(DamagedFile.Kind.META, false),
            new Corruption(DamagedFile.Kind.TABLE, false),
            new Corruption(DamagedFile.Kind.MANIFEST, false),
            new Corruption(DamagedFile.Kind.LOG, true),
            new Corruption(DamagedFile.Kind.TABLE, true),
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
            new Restarts(),
            new TransferStorm(),
            new RollingUpgrade(),
            new BadClients());

    /** The fault that needs an earlier build. */
    public static final String ROLLING_UPGRADE = RollingUpgrade.NAME;

    private Nemeses() {}

    public static List<Nemesis> all() {
        return ALL;
    }

    /**
     * The fault of a name.
     *
     * @throws IllegalArgumentException when there is none of this name; the message has all names
     */
    public static Nemesis named(String name) {
        return ALL.stream()
                .filter(nemesis -> nemesis.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No fault '" + name + "'; there are "
                        + String.join(", ", ALL.stream().map(Nemesis::name).toList())));
    }
}
