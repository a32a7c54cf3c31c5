/**
 * Classes beside Ratis's own, for what Ratis 3.3.0 has no public way to: {@link
 * org.apache.ratis.server.impl.EarlyElection} and {@link org.apache.ratis.server.impl.CommitNotice}.
 */
@NullMarked
package org.apache.ratis.server.impl;

import org.jspecify.annotations.NullMarked;
