/** Where nodes live: network namespaces, or loopback behind proxies. Knows nothing of nodes' software. */
@NullMarked
package io.eckermann.chaos.host;

import org.jspecify.annotations.NullMarked;
