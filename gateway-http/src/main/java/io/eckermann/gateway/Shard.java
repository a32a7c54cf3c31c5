package io.eckermann.gateway;

import io.eckermann.statemachine.HeadSignal;
import io.eckermann.statemachine.ReadView;

/** One shard as the use cases see it. */
public record Shard(ReadView view, HeadSignal heads, WriteRoute writes, ReadBarrier barrier) {}
