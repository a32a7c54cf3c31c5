package io.eckermann.gateway.read;

/** What a reader may leave alone: for how long until it is told so, and how much. */
record Allowance(Slowness slowness, ReadMemory memory) {}
