/**
 * Starts, watches and stops a cluster of node processes on this machine, for {@code up} and {@code demo}. Knows the
 * data directory's layout and the node's command line, nothing of the client or of how things are printed. Each
 * object is used by one thread, but for the reports of ended processes, which come on threads of their own.
 */
@NullMarked
package io.eckermann.client.cli.local;

import org.jspecify.annotations.NullMarked;
