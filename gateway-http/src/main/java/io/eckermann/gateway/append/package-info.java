/** Takes appends: checks them, encodes them once, and submits them. Free of transport. */
@NullMarked
package io.eckermann.gateway.append;

import org.jspecify.annotations.NullMarked;
