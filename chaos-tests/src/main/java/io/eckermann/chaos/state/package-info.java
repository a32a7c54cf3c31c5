/** What a stopped node's state comes to. Runs with the node's own jars, in a process of its own. */
@NullMarked
package io.eckermann.chaos.state;

import org.jspecify.annotations.NullMarked;
