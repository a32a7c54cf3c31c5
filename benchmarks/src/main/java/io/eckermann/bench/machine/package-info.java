/** What the kernel says: processor time, memory and bytes written of a process and of the machine. Linux only. */
@NullMarked
package io.eckermann.bench.machine;

import org.jspecify.annotations.NullMarked;
