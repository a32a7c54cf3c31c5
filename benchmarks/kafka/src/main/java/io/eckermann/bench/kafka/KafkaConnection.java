package io.eckermann.bench.kafka;

import io.eckermann.bench.system.Acknowledgement;
import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.EventSink;
import io.eckermann.bench.system.Following;
import io.eckermann.bench.system.ReadForm;
import io.eckermann.bench.system.Sender;
import io.eckermann.bench.system.Tuning;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One producer with a connection of its own; consumers are made when they are needed. */
final class KafkaConnection implements Connection {
    private final String brokers;
    private final KafkaProducer<byte[], byte[]> producer;

    KafkaConnection(String brokers, Tuning tuning) {
        this.brokers = brokers;
        this.producer = new KafkaProducer<>(settings(brokers, tuning));
    }

    private static Map<String, Object> settings(String brokers, Tuning tuning) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, tuning == Tuning.THROUGHPUT ? 256 << 10 : 16 << 10);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, tuning == Tuning.LATENCY ? 0 : 5);
        return settings;
    }

    @Override
    public Sender sender(String topic) {
        return new TopicSender(topic);
    }

    @Override
    public Following tail(String topic, EventSink sink) {
        return KafkaReader.follow(brokers, topic, sink);
    }

    @Override
    public void read(String topic, ReadForm form, long events, EventSink sink) {
        KafkaReader.read(brokers, topic, events, sink);
    }

    @Override
    public boolean reads(ReadForm form) {
        return form == ReadForm.EVENTS;
    }

    @Override
    public void close() {
        producer.close();
    }

    /** Sends to one topic with the connection's producer. */
    private final class TopicSender implements Sender {
        private final String topic;

        TopicSender(String topic) {
            this.topic = topic;
        }

        @Override
        public void send(byte[] payload, Acknowledgement acknowledgement) {
            var unused = producer.send(
                    new ProducerRecord<>(topic, payload), (metadata, failure) -> acknowledgement.done(failure));
        }

        @Override
        public void close() {
            producer.flush();
        }
    }
}
