/**
 * In place of a class of Ratis that is private to this package; docs/ARCHITECTURE.md lists all of them.
 */
@NullMarked
package org.apache.ratis.grpc.server;

import org.jspecify.annotations.NullMarked;
