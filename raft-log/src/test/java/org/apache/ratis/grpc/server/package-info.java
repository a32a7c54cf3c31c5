/** Beside what stands in for a class of Ratis. */
@NullMarked
package org.apache.ratis.grpc.server;

import org.jspecify.annotations.NullMarked;
