/**
 * How an operation becomes committed: the log as the gateway sees it, whoever implements it. Called by the gateway;
 * knows the state machine's door, not the network's.
 */
@NullMarked
package io.eckermann.raftlog;

import org.jspecify.annotations.NullMarked;
