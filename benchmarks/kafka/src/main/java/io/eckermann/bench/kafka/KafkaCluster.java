package io.eckermann.bench.kafka;

import io.eckermann.bench.system.Connection;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.Tuning;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Three running nodes. */
final class KafkaCluster implements RunningSystem {
    private static final short REPLICAS = 3;
    private static final int CREATED_AT_ONCE = 500;
    private static final long READY_PATIENCE_MS = 120_000;
    private static final long LOOK_AGAIN_MS = 200;

    private final KafkaNodes nodes;
    private final Map<String, String> topicSettings;
    private final Admin admin;

    KafkaCluster(KafkaNodes nodes, Map<String, String> topicSettings) {
        this.nodes = nodes;
        this.topicSettings = new HashMap<>(topicSettings);
        this.topicSettings.put("min.insync.replicas", "2");
        this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, nodes.brokers()));
    }

    void awaitReady() throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(READY_PATIENCE_MS);
        while (brokers() < REPLICAS) {
            if (System.nanoTime() > end || !nodes.allRun()) {
                throw new TimeoutException("Kafka's nodes are not ready: look at node.log in their directories.");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
        }
    }

    @Override
    public List<Long> pids() {
        return nodes.pids();
    }

    @Override
    public void createTopics(List<String> topics) throws Exception {
        for (int i = 0; i < topics.size(); i += CREATED_AT_ONCE) {
            admin.createTopics(topics.subList(i, Math.min(i + CREATED_AT_ONCE, topics.size())).stream()
                            .map(topic -> new NewTopic(topic, 1, REPLICAS).configs(topicSettings))
                            .toList())
                    .all()
                    .get();
        }
    }

    @Override
    public Connection connect(Tuning tuning) {
        return new KafkaConnection(nodes.brokers(), tuning);
    }

    @Override
    public long count(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    @Override
    public long count(List<String> topics) throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        topics.forEach(topic -> ends.put(new TopicPartition(topic, 0), OffsetSpec.latest()));
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    @Override
    public int leaderOf(String topic) throws Exception {
        TopicDescription described = admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next();
        return described.partitions().get(0).leader().id() - 1;
    }

    @Override
    public void kill(int node) throws Exception {
        nodes.kill(node);
    }

    @Override
    public void close() {
        admin.close();
        nodes.close();
    }

    private int brokers() throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get().size();
        } catch (ExecutionException e) {
            return 0;
        }
    }
}
