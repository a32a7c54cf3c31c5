/** The disk of a node, and what can be wrong with it as a whole: power cuts, no room. */
@NullMarked
package io.eckermann.chaos.disk;

import org.jspecify.annotations.NullMarked;
