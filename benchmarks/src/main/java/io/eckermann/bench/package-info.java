/** Measurements against a running cluster, each a main class that answers one question and prints CSV. */
@NullMarked
package io.eckermann.bench;

import org.jspecify.annotations.NullMarked;
