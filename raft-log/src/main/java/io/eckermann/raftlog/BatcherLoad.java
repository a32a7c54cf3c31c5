package io.eckermann.raftlog;

/**
 * What a {@link Batcher} holds at one moment, and what it has done.
 *
 * @param entriesInFlight proposed and not yet answered
 * @param operationsWaiting not proposed yet
 * @param heldBytes of all operations that are not answered yet
 * @param entries proposed since it began
 * @param operations in these
 */
public record BatcherLoad(int entriesInFlight, int operationsWaiting, long heldBytes, long entries, long operations) {}
