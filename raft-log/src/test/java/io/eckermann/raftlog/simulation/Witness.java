package io.eckermann.raftlog.simulation;

import io.eckermann.statemachine.command.AppendRun;
import io.eckermann.statemachine.command.Command;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.command.Single;
import io.eckermann.statemachine.command.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sees every entry that any replica applies. The first time, it compares what came of it with what may; every other time,
 * on another replica or after a crash, the same must come of it.
 */
final class Witness {
    private final List<List<Result>> first = new ArrayList<>();
    private final Map<Long, String> digests = new HashMap<>();
    private final CursorModel cursors = new CursorModel();
    private final LeaseModel leases = new LeaseModel();
    private @Nullable AssertionError broken;

    CursorModel cursors() {
        return cursors;
    }

    LeaseModel leases() {
        return leases;
    }

    void applied(Replica by, Entry entry, Command command, List<Result> results) {
        int index = (int) entry.at().index();
        if (index < first.size()) {
            Violation.unless(
                    first.get(index).equals(results),
                    "%s got other results of entry %d: %s, not %s",
                    by,
                    index,
                    results,
                    first.get(index));
            return;
        }
        Violation.unless(index == first.size(), "%s applied entry %d before %d", by, index, first.size());
        first.add(results);
        judge(command, results);
    }

    /** The entries that were applied by a replica are as many as this. */
    int applied() {
        return first.size();
    }

    private void judge(Command command, List<Result> results) {
        int slot = 0;
        for (Step step : command.steps()) {
            if (step instanceof Single single) {
                judge(single.operation(), results.get(slot), command.leaderTimeNs());
            } else if (step instanceof AppendRun run) {
                for (Result result : results.subList(slot, slot + run.results())) {
                    if (result instanceof Result.Appended appended) {
                        appended(run.topicId(), appended);
                    }
                }
            }
            slot += step.results();
        }
        Violation.unless(slot == results.size(), "%d results of %d operations", results.size(), slot);
    }

    private void judge(Operation operation, Result result, long timeNs) {
        if (operation instanceof Operation.CommitCursor commit) {
            cursors.committed(commit, result);
        } else if (operation instanceof Operation.AppendMany many && result instanceof Result.AppendedMany done) {
            for (int i = 0; i < many.appends().size(); i++) {
                appended(many.appends().get(i).topicId(), done.appends().get(i));
            }
            for (int i = 0; i < many.cursors().size() && !done.duplicate(); i++) {
                cursors.committed(many.cursors().get(i), done.cursors().get(i));
            }
        } else if (operation instanceof Operation.ChangeGroup change && result instanceof Result.GroupChanged changed) {
            leases.changed(change.change(), changed.outcome(), timeNs);
        }
    }

    private void appended(long topicId, Result.Appended appended) {
        leases.appended(topicId, appended);
        cursors.appended(topicId, appended);
    }

    /** Compares all that a replica holds with what others, or itself before a crash, held at the same entry. */
    void holds(Replica by, long index, String digest) {
        String known = digests.putIfAbsent(index, digest);
        Violation.unless(known == null || known.equals(digest), "%s holds something else at entry %d", by, index);
    }

    /** Does something whose violations nobody else would hear of. */
    void watch(Runnable act) {
        try {
            act.run();
        } catch (AssertionError e) {
            if (broken == null) {
                broken = e;
            }
        }
    }

    /** Throws the first violation that was found so. */
    void check() {
        if (broken != null) {
            throw broken;
        }
    }
}
