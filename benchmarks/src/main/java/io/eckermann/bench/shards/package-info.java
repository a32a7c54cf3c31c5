/** What shards bring: what an append costs each node, measured, and a simulation of nodes with cores and disks of their own. */
@NullMarked
package io.eckermann.bench.shards;

import org.jspecify.annotations.NullMarked;
