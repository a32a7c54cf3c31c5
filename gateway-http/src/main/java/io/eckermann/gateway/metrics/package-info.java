/**
 * What a node tells of itself in numbers, for Prometheus. Doors count requests here; the rest is asked for when somebody
 * scrapes, of whoever knows it, and is cheap: nothing here grows with events. Safe from any thread. Only this package knows
 * Prometheus' library.
 */
@NullMarked
package io.eckermann.gateway.metrics;

import org.jspecify.annotations.NullMarked;
