/**
 * Internal: the wire. Channels, leader discovery, deadlines, retries of single calls, one append stream, one read
 * stream; the only package that knows gRPC and Netty. Speaks in protocol messages and {@code Failure}s, knows nothing
 * of the public API. Not for applications: it changes without notice.
 */
@NullMarked
package io.eckermann.client.transport;

import org.jspecify.annotations.NullMarked;
