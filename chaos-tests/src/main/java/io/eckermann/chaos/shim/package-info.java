/** The library that is preloaded into a node, and the page of memory that tells it what to do. */
@NullMarked
package io.eckermann.chaos.shim;

import org.jspecify.annotations.NullMarked;
