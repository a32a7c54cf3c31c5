/**
 * How a new group begins with the state of an old one: from a backup, up to an entry or a time, or from what one surviving
 * node has. Works on files that nobody has open, on one thread. Knows the log's files and the state machine, and nothing of
 * Ratis or of where backups are kept.
 */
@NullMarked
package io.eckermann.raftlog.restore;

import org.jspecify.annotations.NullMarked;
