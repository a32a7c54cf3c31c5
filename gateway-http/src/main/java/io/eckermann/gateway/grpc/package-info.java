/**
 * The gRPC door: one thin service per proto service over the use cases, one table of errors, and the server. Nothing
 * here blocks: calls arrive on the transport's threads. Called by {@code node} only.
 */
@NullMarked
package io.eckermann.gateway.grpc;

import org.jspecify.annotations.NullMarked;
