/**
 * Groups: shared cursors whose members lease events. What is leased, to be leased again or parked is in rows, by position
 * and by time, so that a command costs what it names and not what the group holds. Called by the apply thread; readers get
 * {@link io.eckermann.statemachine.GroupState}. Must not know of chunks: an event is a position here, and a key.
 */
@NullMarked
package io.eckermann.statemachine.group;

import org.jspecify.annotations.NullMarked;
