package io.eckermann.statemachine.command;

/**
 * A decoded Raft entry.
 *
 * @param leaderTimeNs the leader's clock when it proposed the command, in nanoseconds since the epoch
 */
public record Command(long leaderTimeNs) {}
