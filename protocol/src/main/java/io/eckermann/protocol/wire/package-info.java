/** How messages go through gRPC without needless copies; used by the client's transport and the gRPC door. */
@NullMarked
package io.eckermann.protocol.wire;

import org.jspecify.annotations.NullMarked;
