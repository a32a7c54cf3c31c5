/** Nodes as processes: started, killed, paused, asked over HTTP. Drives the packaged node only. */
@NullMarked
package io.eckermann.chaos.cluster;

import org.jspecify.annotations.NullMarked;
