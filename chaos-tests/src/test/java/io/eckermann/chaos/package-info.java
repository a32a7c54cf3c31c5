/**
 * Tests that drive the packaged program as a user does: the script, its processes, its ports. Nothing in here knows a
 * class of the node; the modules must have been packaged.
 */
@NullMarked
package io.eckermann.chaos;

import org.jspecify.annotations.NullMarked;
