package io.eckermann.bench.kafka;

import io.eckermann.bench.system.EventSink;
import io.eckermann.bench.system.Following;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/** Reads a topic with Kafka's consumer, assigned to its partition, without a group. */
final class KafkaReader {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int EMPTY_POLLS_MAX = 60;

    /** Larger than the defaults (1 MiB and 500), with which a catch-up read is slower. */
    private static final Map<String, Object> CATCH_UP = Map.of(
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);

    private KafkaReader() {}

    static void read(String brokers, String topic, long events, EventSink sink) {
        try (KafkaConsumer<ByteBuffer, ByteBuffer> consumer = consumer(brokers, topic, CATCH_UP)) {
            long read = 0;
            int empty = 0;
            while (read < events && empty < EMPTY_POLLS_MAX) {
                int got = poll(consumer, sink);
                read += got;
                empty = got == 0 ? empty + 1 : 0;
            }
            if (read < events) {
                throw new IllegalStateException(topic + " ended after " + read + " of " + events + " events.");
            }
        }
    }

    static Following follow(String brokers, String topic, EventSink sink) {
        KafkaConsumer<ByteBuffer, ByteBuffer> consumer = consumer(brokers, topic, Map.of());
        Thread thread = new Thread(() -> pollUntilWoken(consumer, sink), "tail of " + topic);
        thread.setDaemon(true);
        thread.start();
        return () -> {
            consumer.wakeup();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static void pollUntilWoken(KafkaConsumer<ByteBuffer, ByteBuffer> consumer, EventSink sink) {
        try (consumer) {
            while (true) {
                poll(consumer, sink);
            }
        } catch (WakeupException e) {
            // Asked to end.
        }
    }

    private static int poll(KafkaConsumer<ByteBuffer, ByteBuffer> consumer, EventSink sink) {
        int got = 0;
        for (ConsumerRecord<ByteBuffer, ByteBuffer> found : consumer.poll(POLL)) {
            sink.accept(1, found.value());
            got++;
        }
        return got;
    }

    private static KafkaConsumer<ByteBuffer, ByteBuffer> consumer(
            String brokers, String topic, Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
        KafkaConsumer<ByteBuffer, ByteBuffer> consumer = new KafkaConsumer<>(all);
        List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
