/**
 * One replaced class of Ratis: {@link org.apache.ratis.server.raftlog.segmented.BufferedWriteChannel}, through which it
 * writes the segments of its log. It must come before Ratis on the class path.
 */
@NullMarked
package org.apache.ratis.server.raftlog.segmented;

import org.jspecify.annotations.NullMarked;
