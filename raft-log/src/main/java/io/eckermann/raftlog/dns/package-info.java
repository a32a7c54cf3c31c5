/**
 * What DNS says of where nodes are. Asked while a node reads its configuration, when other nodes are connected to, and now
 * and then in between; whoever asks must be free to wait. Knows neither Raft nor nodes' doors.
 */
@NullMarked
package io.eckermann.raftlog.dns;

import org.jspecify.annotations.NullMarked;
