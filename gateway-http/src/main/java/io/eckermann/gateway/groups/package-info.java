/**
 * Groups as use cases: made, shown and changed, their events leased and settled. Long polls of one group wait together, and
 * propose together. Must not know of doors. Safe from any thread; nothing blocks the caller.
 */
@NullMarked
package io.eckermann.gateway.groups;

import org.jspecify.annotations.NullMarked;
