/**
 * Tells a collector of traces what this node did in them. The one package that knows OpenTelemetry: that traces go along with
 * calls and events needs nothing of it. Told by the doors; made by the node when its configuration names a collector.
 */
@NullMarked
package io.eckermann.gateway.tracing;

import org.jspecify.annotations.NullMarked;
