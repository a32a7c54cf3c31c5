/**
 * The log's files on disk: how they are laid out, and whether they are whole. Used before the log is opened; knows the
 * file format of the pinned Ratis version, but none of its classes.
 */
@NullMarked
package io.eckermann.raftlog.segment;

import org.jspecify.annotations.NullMarked;
