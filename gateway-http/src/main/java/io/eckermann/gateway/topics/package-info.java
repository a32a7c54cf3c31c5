/** Creates, shows and deletes topics. Free of transport. */
@NullMarked
package io.eckermann.gateway.topics;

import org.jspecify.annotations.NullMarked;
