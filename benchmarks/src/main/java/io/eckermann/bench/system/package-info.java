/** What is measured, behind one interface: a system is started as three processes, written to, read from, killed. */
@NullMarked
package io.eckermann.bench.system;

import org.jspecify.annotations.NullMarked;
