/**
 * Many schedules in one process: replicas with the product's own state machine and batcher, a list in the place of Raft, time
 * that stands still until it is moved, and one seed that decides what happens next. Nothing here waits for a clock; the state's
 * writer is the only other thread, and nobody looks at what it has not finished.
 */
package io.eckermann.raftlog.simulation;
