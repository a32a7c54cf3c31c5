package io.eckermann.client;

import java.util.Optional;

/**
 * One of the cluster's shards as a node sees it.
 *
 * @param shard its number, from 0
 * @param leader id of the leader it knows; empty when none is known
 * @param term the Raft term it is in
 */
public record ShardStatus(int shard, Optional<String> leader, long term) {}
