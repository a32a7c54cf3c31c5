/** How this node sees the cluster: who is there, who leads, whose clock is off. Free of transport. */
@NullMarked
package io.eckermann.gateway.cluster;

import org.jspecify.annotations.NullMarked;
