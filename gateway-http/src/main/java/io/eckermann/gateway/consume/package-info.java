/**
 * Consumes a topic one event at a time, each committed by its consumer: a read that goes on where the consumer's cursor
 * is, and commits that expect it to be there. Free of transport.
 */
@NullMarked
package io.eckermann.gateway.consume;

import org.jspecify.annotations.NullMarked;
