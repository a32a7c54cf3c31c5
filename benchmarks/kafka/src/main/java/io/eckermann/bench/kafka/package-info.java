/**
 * Apache Kafka as a system under test: three combined KRaft nodes from its published artifacts, replication 3,
 * min.insync.replicas 2, acks=all, idempotent producers. On nobody's class path but that of the comparison.
 */
@NullMarked
package io.eckermann.bench.kafka;

import org.jspecify.annotations.NullMarked;
