package io.eckermann.raftlog;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Operation;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, on the node that leads, what would grow the data when its disk has no room, or the others' have none, so that
 * no majority could take it. What makes room, or takes next to none, stays possible. Safe from any thread.
 */
public final class Room {
    private final DiskWatch disk;
    private final long neededBytes;
    private volatile BooleanSupplier elsewhere = () -> true;

    /** @param neededBytes what must be free on this node's disk */
    public Room(DiskWatch disk, long neededBytes) {
        this.disk = disk;
        this.neededBytes = neededBytes;
    }

    /** Asks this before each write whether enough of the others have room. */
    public void elsewhere(BooleanSupplier enough) {
        elsewhere = enough;
    }

    /** Why not; null when it may be written. */
    public @Nullable StoreException refusal(Operation operation) {
        if (!growsData(operation)) {
            return null;
        }
        if (disk.isFull()) {
            return new StoreException(ErrorCode.DISK_FULL, "The leader's disk has no room for events: free some.")
                    .with("free_bytes", disk.freeBytes())
                    .with("needed_bytes", neededBytes);
        }
        return elsewhere.getAsBoolean()
                ? null
                : new StoreException(
                        ErrorCode.DISK_FULL, "The disks of too many nodes have no room for events: free some.");
    }

    private static boolean growsData(Operation operation) {
        return operation instanceof Operation.Append
                || operation instanceof Operation.CreateTopic
                || operation instanceof Operation.PlaceTopic
                || (operation instanceof Operation.AppendMany many
                        && !many.body().isEmpty());
    }
}
