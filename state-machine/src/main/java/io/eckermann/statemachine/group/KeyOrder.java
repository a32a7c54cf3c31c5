package io.eckermann.statemachine.group;

import io.eckermann.statemachine.store.v1.GroupEventRow;
import io.eckermann.statemachine.store.v1.GroupEventRow.Status;
import io.eckermann.statemachine.store.v1.GroupKeyRow;
import java.util.Objects;

/**
 * Keeps the events of each key in their order. Of a key's events that are not settled, the first is active (ready, leased or
 * delayed), or several together when one member leases them at once; all behind these wait. When no active one is left, the
 * first that waits becomes ready, unless an event before it is parked and holds the key. Apply thread.
 */
final class KeyOrder {
    private final GroupWork work;

    KeyOrder(GroupWork work) {
        this.work = work;
    }

    /** Whether an event before this one is parked, and holds its key. */
    boolean isHeld(String key, long position) {
        if (!work.parkedHolds()) {
            return false;
        }
        long holding = work.firstHolding(key);
        return holding > 0 && holding < position;
    }

    /** One more event of the key is active. */
    void activate(String key) {
        GroupKeyRow row = work.key(key);
        work.putKey(key, row.toBuilder().setActive(row.getActive() + 1).build());
    }

    /** One of the key's active events is none any more. */
    long settle(String key) {
        GroupKeyRow row = work.key(key);
        assert row.getActive() > 0 : "it was active";
        return goOn(key, row.toBuilder().setActive(row.getActive() - 1).build());
    }

    /** What held the key is gone. */
    void release(String key) {
        long unused = goOn(key, work.key(key));
    }

    private long goOn(String key, GroupKeyRow row) {
        work.putKey(key, row);
        if (row.getActive() > 0 || row.getWaiting() == 0) {
            return 0;
        }
        long next = nextWaiting(key, row);
        if (next > 0) {
            work.makeReady(next, takeWaiting(key, next).toBuilder());
        }
        return next;
    }

    /** The key's first event that waits; 0 when there is none, or when it is held. */
    long nextWaiting(String key) {
        return nextWaiting(key, work.key(key));
    }

    private long nextWaiting(String key, GroupKeyRow row) {
        if (row.getWaiting() == 0) {
            return 0;
        }
        long next = work.firstWaiting(key, row.getWaitingFrom());
        assert next > 0 : "as many wait as are counted";
        return isHeld(key, next) ? 0 : next;
    }

    /** The key's first event that waits is active from now on. */
    GroupEventRow takeWaiting(String key, long position) {
        GroupEventRow event = Objects.requireNonNull(work.event(position));
        work.removeWaiting(key, position);
        GroupKeyRow row = work.key(key);
        work.putKey(
                key,
                row.toBuilder()
                        .setActive(row.getActive() + 1)
                        .setWaiting(row.getWaiting() - 1)
                        .setWaitingFrom(position + 1)
                        .build());
        work.state.setWaiting(work.state.getWaiting() - 1);
        return event;
    }

    /** An event waits behind others of its key. */
    void wait(String key, long position, GroupEventRow.Builder event) {
        GroupKeyRow row = work.key(key);
        long from = row.getWaiting() == 0 ? position : Math.min(row.getWaitingFrom(), position);
        work.putKey(
                key,
                row.toBuilder()
                        .setWaiting(row.getWaiting() + 1)
                        .setWaitingFrom(from)
                        .build());
        work.put(
                position,
                event.setStatus(Status.WAITING).clearToken().clearDueNs().build());
        work.putWaiting(key, position);
        work.state.setWaiting(work.state.getWaiting() + 1);
    }

    /** An event of a held key does not wait any more. */
    void leaveWaiting(String key, long position) {
        work.removeWaiting(key, position);
        GroupKeyRow row = work.key(key);
        work.putKey(key, row.toBuilder().setWaiting(row.getWaiting() - 1).build());
        work.state.setWaiting(work.state.getWaiting() - 1);
    }
}
