/** Certificates: what this node shows, whom it trusts, and who counts as another node; read anew when files change. */
@NullMarked
package io.eckermann.gateway.tls;

import org.jspecify.annotations.NullMarked;
