package io.eckermann.bench.kafka;

import java.util.Map;

/** Kafka as it comes: what is acknowledged is in the page caches of all replicas in sync. */
public final class KafkaDefaults extends KafkaSystem {
    /** For the service loader. */
    public KafkaDefaults() {
        super("kafka", "in memory (page cache) of all in-sync replicas", Map.of());
    }
}
