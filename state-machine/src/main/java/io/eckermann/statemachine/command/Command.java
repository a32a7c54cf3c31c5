package io.eckermann.statemachine.command;

import java.util.List;

/**
 * A decoded Raft entry: what was proposed together, to be applied in order.
 *
 * @param leaderTimeNs the leader's clock when it proposed the command, in nanoseconds since the epoch
 */
public record Command(long leaderTimeNs, List<Step> steps) {}
