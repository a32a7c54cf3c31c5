/**
 * The door of the state machine: what a committed command does, and what readers see of it. Called by raft-log (which
 * applies) and by the gateway (which reads). Knows nothing of Raft's library, of the network, or of the time of day.
 * One thread applies, one writes behind it; any thread reads.
 */
@NullMarked
package io.eckermann.statemachine;

import org.jspecify.annotations.NullMarked;
