/** What clients do while things break; every call goes into the history with its outcome. */
@NullMarked
package io.eckermann.chaos.workload;

import org.jspecify.annotations.NullMarked;
