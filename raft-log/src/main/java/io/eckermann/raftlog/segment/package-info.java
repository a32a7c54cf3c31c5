/**
 * The log's files on disk: how they are laid out, whether they are whole before the log is opened, and where in them the
 * bodies of events are. Knows the file format of the pinned Ratis version, but none of its classes.
 */
@NullMarked
package io.eckermann.raftlog.segment;

import org.jspecify.annotations.NullMarked;
