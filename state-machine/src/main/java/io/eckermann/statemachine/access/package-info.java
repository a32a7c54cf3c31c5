/**
 * Keys and rules: who may do what. Only what was said is here; the doors judge by it. Apply thread, but for what readers
 * ask of the table.
 */
@NullMarked
package io.eckermann.statemachine.access;

import org.jspecify.annotations.NullMarked;
