package io.eckermann.client;

import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.StorageView;
import java.time.Duration;
import java.util.Optional;

/** Protocol messages to the API's values and back. */
final class Wire {
    private Wire() {}

    static io.eckermann.protocol.v1.Consistency consistency(Consistency consistency) {
        return consistency == Consistency.LOCAL
                ? io.eckermann.protocol.v1.Consistency.LOCAL
                : io.eckermann.protocol.v1.Consistency.LINEARIZABLE;
    }

    static io.eckermann.protocol.v1.TopicSettings settings(TopicSettings settings) {
        return io.eckermann.protocol.v1.TopicSettings.newBuilder()
                .setMaxEventBytes(settings.maxEventBytes())
                .setDescription(settings.description())
                .setRetainAgeMs(settings.retainAge().map(Duration::toMillis).orElse(0L))
                .setRetainBytes(settings.retainBytes())
                .setRetainEvents(settings.retainEvents())
                .setCompactKeys(settings.compactKeys())
                .build();
    }

    private static TopicSettings settings(io.eckermann.protocol.v1.TopicSettings settings) {
        return new TopicSettings(
                settings.getMaxEventBytes(),
                settings.getDescription(),
                settings.getRetainAgeMs() == 0
                        ? Optional.empty()
                        : Optional.of(Duration.ofMillis(settings.getRetainAgeMs())),
                settings.getRetainBytes(),
                settings.getRetainEvents(),
                settings.getCompactKeys());
    }

    static Topic topic(io.eckermann.protocol.v1.Topic topic) {
        return new Topic(
                topic.getName(),
                topic.getId(),
                topic.getHead(),
                topic.getFirst(),
                topic.getShard(),
                settings(topic.getSettings()),
                topic.getCreatedNs(),
                topic.getLastRecordedNs(),
                topic.getSizeBytes());
    }

    static CursorPosition cursor(Cursor cursor) {
        return new CursorPosition(
                cursor.getConsumer(),
                cursor.getTopic(),
                cursor.getPosition(),
                cursor.getHead(),
                cursor.getLag(),
                cursor.getCommittedNs());
    }

    static ClusterStatus cluster(ClusterView view) {
        return new ClusterStatus(
                view.getClusterId(),
                view.getAnsweredBy(),
                view.getLeader().isEmpty() ? Optional.empty() : Optional.of(view.getLeader()),
                view.getTerm(),
                view.getNodesList().stream().map(Wire::node).toList());
    }

    private static NodeStatus node(NodeView node) {
        return new NodeStatus(
                node.getId(),
                node.getGrpcAddress(),
                node.getHttpAddress(),
                node.getRaftAddress(),
                role(node.getRole()),
                node.getTerm(),
                node.getApplied(),
                node.getCommitted(),
                node.getSnapshot(),
                node.getReachable(),
                node.getReady(),
                node.getNotReadyReason(),
                node.getVersion(),
                Duration.ofNanos(node.getClockOffsetNs()),
                Duration.ofMillis(node.getAgeMillis()),
                node.hasStorage() ? Optional.of(storage(node.getStorage())) : Optional.empty(),
                node.hasScavenge() ? Optional.of(scavenge(node.getScavenge())) : Optional.empty());
    }

    private static ScavengeStatus scavenge(ScavengeView scavenge) {
        return new ScavengeStatus(
                switch (scavenge.getState()) {
                    case RUNNING -> ScavengeStatus.State.RUNNING;
                    case STOPPED -> ScavengeStatus.State.STOPPED;
                    case IDLE, UNRECOGNIZED -> ScavengeStatus.State.IDLE;
                },
                scavenge.getDeadBytes(),
                scavenge.getSegments(),
                scavenge.getSegmentsDone(),
                scavenge.getFreedBytes());
    }

    private static StorageStatus storage(StorageView storage) {
        return new StorageStatus(
                storage.getLogBytes(),
                storage.getKeptBytes(),
                storage.getLogAndKeptBytes(),
                storage.getIndexBytes(),
                storage.getSnapshotBytes(),
                storage.getPayloadBytes(),
                storage.getDeviceBytes(),
                storage.getWriteAmplification());
    }

    private static NodeStatus.Role role(NodeView.Role role) {
        return switch (role) {
            case LEADER -> NodeStatus.Role.LEADER;
            case FOLLOWER -> NodeStatus.Role.FOLLOWER;
            case CANDIDATE -> NodeStatus.Role.CANDIDATE;
            case UNKNOWN, UNRECOGNIZED -> NodeStatus.Role.UNKNOWN;
        };
    }
}
