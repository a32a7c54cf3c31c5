/** Load: payloads, producers that pipeline or wait, the open-loop schedule, and what they count. Knows systems only by their interface. */
@NullMarked
package io.eckermann.bench.load;

import org.jspecify.annotations.NullMarked;
