package io.eckermann.gateway.peers;

import io.eckermann.protocol.v1.ScrubRequest;
import io.eckermann.protocol.v1.ScrubResponse;
import io.eckermann.statemachine.chunk.ChunkSource;
import java.util.List;
import java.util.function.Function;

/**
 * What this node does so that damage is found and mended.
 *
 * @param clusterId whose nodes are answered
 * @param bodies what is here, of each shard, for nodes that miss it
 * @param scrubs as this node does it itself
 */
public record Mending(String clusterId, List<ChunkSource> bodies, Function<ScrubRequest, ScrubResponse> scrubs) {}
