/** Reads events: a page, or the past and then live, pulled frame by frame by whoever sends them. Free of transport. */
@NullMarked
package io.eckermann.gateway.read;

import org.jspecify.annotations.NullMarked;
