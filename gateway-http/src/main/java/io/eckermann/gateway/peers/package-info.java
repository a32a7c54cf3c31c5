/**
 * What nodes say to each other beside Raft: greetings, status, writes handed on to the leader, snapshots. The only
 * package that speaks gRPC to other nodes. Callbacks run on gRPC's threads and never block them for long.
 */
@NullMarked
package io.eckermann.gateway.peers;

import org.jspecify.annotations.NullMarked;
