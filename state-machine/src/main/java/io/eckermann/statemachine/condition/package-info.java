/**
 * Conditions on appends: judged on the apply thread against all that was applied before, written to a store or not. Must
 * not know how positions are given.
 */
@NullMarked
package io.eckermann.statemachine.condition;

import org.jspecify.annotations.NullMarked;
