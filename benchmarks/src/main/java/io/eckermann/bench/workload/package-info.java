/** The workloads A to H, and the runner that takes systems through them in turns. */
@NullMarked
package io.eckermann.bench.workload;

import org.jspecify.annotations.NullMarked;
