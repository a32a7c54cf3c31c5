package io.eckermann.gateway.node;

import io.eckermann.gateway.Shard;
import io.eckermann.gateway.cluster.ClockWatch;
import io.eckermann.gateway.peers.LeaderRoute;
import io.eckermann.statemachine.StateMachine;

/**
 * What a node has of one shard.
 *
 * @param number from 0
 * @param log stands for the shard's log, also before that is started
 * @param clock judges the times that this node would record as the shard's leader
 */
record ShardPart(int number, StateMachine state, LateLog log, ClockWatch clock, LeaderRoute route, Shard shard) {}
