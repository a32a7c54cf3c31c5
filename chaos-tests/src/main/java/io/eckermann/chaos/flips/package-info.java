/**
 * Flips of single bits, a thousand of them: a real node's directory is copied, one bit of one file is flipped, and the node's own
 * classes start with it and read all that it holds. Made by the run, before there is a cluster.
 */
@NullMarked
package io.eckermann.chaos.flips;

import org.jspecify.annotations.NullMarked;
