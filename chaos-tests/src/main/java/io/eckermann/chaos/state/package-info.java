/** Programs that run with the node's own jars, each in a process of its own: what a stopped node's state comes to, and how it keeps its vote. */
@NullMarked
package io.eckermann.chaos.state;

import org.jspecify.annotations.NullMarked;
