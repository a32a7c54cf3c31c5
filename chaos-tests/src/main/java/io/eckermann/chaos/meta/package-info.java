/**
 * Power cuts aimed at {@code raft-meta}, hundreds of them: not a node but Ratis's own class for that file keeps terms and votes
 * on a disk of its own, and the power goes at a chosen moment of a write. Made by the run, before there is a cluster.
 */
@NullMarked
package io.eckermann.chaos.meta;

import org.jspecify.annotations.NullMarked;
