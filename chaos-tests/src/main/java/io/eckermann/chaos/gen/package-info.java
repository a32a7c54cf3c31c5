/** Choices: all from one seed, so that a run's schedule can be repeated. */
@NullMarked
package io.eckermann.chaos.gen;

import org.jspecify.annotations.NullMarked;
