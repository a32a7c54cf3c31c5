/**
 * Who may do what: credentials become a {@link Principal}, what a call demands is compared with what the principal may,
 * and refusals and administrative acts are written to the topic {@code _audit}. Both doors ask {@link Access}, and each
 * has one table of what its calls demand. Knows neither HTTP nor gRPC, but for the context that a principal travels in.
 */
@NullMarked
package io.eckermann.gateway.access;

import org.jspecify.annotations.NullMarked;
