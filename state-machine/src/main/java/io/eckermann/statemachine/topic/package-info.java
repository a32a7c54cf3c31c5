/**
 * Topics: what they are, their positions and times, the index of their chunks, their producers. {@link
 * io.eckermann.statemachine.topic.AppendRules} decides (pure), the tables only read and write rows. Writing is the
 * apply thread's; reading is safe from any thread with a reader of its own. Must not know of Raft or of requests.
 */
@NullMarked
package io.eckermann.statemachine.topic;

import org.jspecify.annotations.NullMarked;
