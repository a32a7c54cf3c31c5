/**
 * What every use case of the gateway needs: a shard's state and the way to its leader. The packages below are the use
 * cases ({@code append read topics cursors cluster}), free of transport; the doors ({@code grpc http}); the nodes'
 * talk among themselves ({@code peers}); and {@code node}, which puts them together.
 */
@NullMarked
package io.eckermann.gateway;

import org.jspecify.annotations.NullMarked;
