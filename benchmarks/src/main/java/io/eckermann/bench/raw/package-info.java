/**
 * Ratis alone, set up as in a node, with a state machine that only counts: what is left for the rest of a node to lose.
 * {@link io.eckermann.bench.raw.RawRatis} starts three node processes and has the leader measure itself.
 */
@NullMarked
package io.eckermann.bench.raw;

import org.jspecify.annotations.NullMarked;
