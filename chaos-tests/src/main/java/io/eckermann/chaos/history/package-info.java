/** The history of a run, as Jepsen writes it: one map in EDN a line. */
@NullMarked
package io.eckermann.chaos.history;

import org.jspecify.annotations.NullMarked;
