/** Faults: one class a kind. Each says what it needs, whom it hits, and how it proves that it happened. */
@NullMarked
package io.eckermann.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
