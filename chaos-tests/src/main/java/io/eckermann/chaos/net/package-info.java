/** The network between hosts, link by link, and what can be wrong with it. */
@NullMarked
package io.eckermann.chaos.net;

import org.jspecify.annotations.NullMarked;
