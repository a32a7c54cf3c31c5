package io.eckermann.raftlog.simulation;

import io.eckermann.raftlog.simulation.Write.Fate;
import java.util.List;

/** What happened in a schedule, or in many. */
final class Tally {
    int elections;
    int crashes;
    int installs;
    int entries;
    int accepted;
    int refused;
    int unknown;
    int leased;
    int lapsed;
    /** Of all acts in their order, and of the state they led to. */
    int fingerprint;

    /** All of it, for {@link #of}. */
    int[] counts() {
        return new int[] {elections, crashes, installs, entries, accepted, refused, unknown, leased, lapsed, fingerprint
        };
    }

    static Tally of(int[] counts) {
        Tally tally = new Tally();
        tally.elections = counts[0];
        tally.crashes = counts[1];
        tally.installs = counts[2];
        tally.entries = counts[3];
        tally.accepted = counts[4];
        tally.refused = counts[5];
        tally.unknown = counts[6];
        tally.leased = counts[7];
        tally.lapsed = counts[8];
        tally.fingerprint = counts[9];
        return tally;
    }

    void acted(String act) {
        fingerprint = 31 * fingerprint + act.hashCode();
    }

    void end(String digest, Witness witness, List<Write> writes) {
        acted(digest);
        entries = witness.applied();
        leased = witness.leases().granted();
        lapsed = witness.leases().lapsed();
        for (Write write : writes) {
            accepted += write.fate == Fate.ACCEPTED ? 1 : 0;
            refused += write.fate == Fate.REFUSED ? 1 : 0;
            unknown += write.fate == Fate.UNKNOWN ? 1 : 0;
        }
    }

    void add(Tally other) {
        elections += other.elections;
        crashes += other.crashes;
        installs += other.installs;
        entries += other.entries;
        accepted += other.accepted;
        refused += other.refused;
        unknown += other.unknown;
        leased += other.leased;
        lapsed += other.lapsed;
        acted(Integer.toString(other.fingerprint));
    }

    @Override
    public String toString() {
        return "entries " + entries + ", elections " + elections + ", crashes " + crashes + ", snapshots installed "
                + installs + ", appends accepted " + accepted + ", refused " + refused + ", unknown " + unknown
                + ", events leased " + leased + ", leases lapsed " + lapsed;
    }
}
