/** Commits and shows cursors. Free of transport. */
@NullMarked
package io.eckermann.gateway.cursors;

import org.jspecify.annotations.NullMarked;
