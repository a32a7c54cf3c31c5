package io.eckermann.bench.kafka;

import io.eckermann.bench.machine.JarVersion;
import io.eckermann.bench.system.RunningSystem;
import io.eckermann.bench.system.SystemUnderTest;
import java.nio.file.Path;
import java.util.Map;

/** Kafka, with some settings for its topics. */
abstract class KafkaSystem implements SystemUnderTest {
    private final String name;
    private final String acknowledgement;
    private final Map<String, String> topicSettings;

    KafkaSystem(String name, String acknowledgement, Map<String, String> topicSettings) {
        this.name = name;
        this.acknowledgement = acknowledgement;
        this.topicSettings = topicSettings;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final String version() {
        return JarVersion.in("/kafka/kafka-version.properties");
    }

    @Override
    public final String acknowledgement() {
        return acknowledgement;
    }

    @Override
    public final RunningSystem start(Path directory) throws Exception {
        KafkaNodes nodes = KafkaNodes.start(directory);
        try {
            KafkaCluster cluster = new KafkaCluster(nodes, topicSettings);
            cluster.awaitReady();
            return cluster;
        } catch (Exception e) {
            nodes.close();
            throw e;
        }
    }
}
