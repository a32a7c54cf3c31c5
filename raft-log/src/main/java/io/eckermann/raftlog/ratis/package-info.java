/**
 * The log on Apache Ratis; the only package that knows it. {@link io.eckermann.raftlog.ratis.RatisLog} starts it and
 * proposes, {@link io.eckermann.raftlog.ratis.ApplyBridge} takes what is committed to the state machine. Ratis's own
 * threads call the bridge; nothing of ours runs on them for long.
 */
@NullMarked
package io.eckermann.raftlog.ratis;

import org.jspecify.annotations.NullMarked;
