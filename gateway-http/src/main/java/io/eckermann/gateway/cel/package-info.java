/**
 * Filters of reads, written in the Common Expression Language: which events of those found are wanted. The only place
 * that knows CEL's library, which is loaded with the first filter. Free of transport and of the store.
 */
@NullMarked
package io.eckermann.gateway.cel;

import org.jspecify.annotations.NullMarked;
