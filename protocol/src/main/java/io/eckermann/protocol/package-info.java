/**
 * The facts both ends share beside the generated messages: limits, error codes, names, the chunk body's codec.
 * Called by client and server; knows neither. Everything here is immutable and free of threads.
 */
@NullMarked
package io.eckermann.protocol;

import org.jspecify.annotations.NullMarked;
