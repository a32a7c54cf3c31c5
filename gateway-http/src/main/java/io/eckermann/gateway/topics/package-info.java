/** Creates, shows, cuts and deletes topics, and deletes single events. Free of transport. */
@NullMarked
package io.eckermann.gateway.topics;

import org.jspecify.annotations.NullMarked;
