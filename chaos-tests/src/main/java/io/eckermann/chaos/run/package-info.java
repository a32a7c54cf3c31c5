/** The command line, the plans of runs, and one run from its first process to its verdict. */
@NullMarked
package io.eckermann.chaos.run;

import org.jspecify.annotations.NullMarked;
