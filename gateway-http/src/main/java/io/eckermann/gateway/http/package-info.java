/**
 * The HTTP door: JSON, NDJSON and server-sent events over the use cases. The only package that knows Netty.
 *
 * <p>A request's way: {@link io.eckermann.gateway.http.HttpConnection} collects it on an event loop, {@code Dispatcher}
 * and {@code Router} find its {@code *Route} on a work thread, the route asks a use case, and the {@code Answer} goes back
 * to the event loop. Event loops only move bytes; nothing here blocks.
 */
@NullMarked
package io.eckermann.gateway.http;

import org.jspecify.annotations.NullMarked;
