package io.eckermann.bench.kafka;

import java.util.Map;

/** Kafka that flushes every batch, on the leader and on the followers before they fetch on. */
public final class KafkaFsync extends KafkaSystem {
    /** For the service loader. */
    public KafkaFsync() {
        super("kafka-fsync", "fsynced on a majority (flush.messages=1)", Map.of("flush.messages", "1"));
    }
}
