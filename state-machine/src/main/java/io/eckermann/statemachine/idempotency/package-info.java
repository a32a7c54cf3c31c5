/**
 * Results of appends that carried an idempotency key, kept by number and age so that a retry gets the first one. Part of
 * the replicated state: any leader knows them. Apply thread. Must not know what is appended.
 */
@NullMarked
package io.eckermann.statemachine.idempotency;

import org.jspecify.annotations.NullMarked;
