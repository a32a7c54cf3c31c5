/**
 * The Java client: {@link io.eckermann.client.EventStore} is the door, everything else is what goes in and comes out.
 * Called by applications and the command line. No gRPC, Netty or protobuf type is visible here; the wire is known to
 * {@code transport} alone. Values are immutable; services may be used from any thread.
 */
@NullMarked
package io.eckermann.client;

import org.jspecify.annotations.NullMarked;
