/** A test's way to the classes by which Ratis writes and reads its log. */
@NullMarked
package org.apache.ratis.server.raftlog.segmented;

import org.jspecify.annotations.NullMarked;
