package io.eckermann.client;

import io.eckermann.protocol.v1.AppendResponse;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.Cursor;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ScavengeView;
import io.eckermann.protocol.v1.ScrubView;
import io.eckermann.protocol.v1.StateDigestView;
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

    static Topic topic(io.eckermann.protocol.v1.Topic topic) {
        return new Topic(
                topic.getName(),
                topic.getId(),
                topic.getHead(),
                topic.getFirst(),
                topic.getShard(),
                new TopicSettings(topic.getSettings()),
                topic.getCreatedNs(),
                topic.getLastRecordedNs(),
                topic.getSizeBytes());
    }

    static AppendResult appended(AppendResponse appended) {
        return new AppendResult(
                appended.getFirst(),
                appended.getLast(),
                appended.getHead(),
                appended.getRecordedNs(),
                appended.getDuplicate());
    }

    static CursorPosition cursor(Cursor cursor) {
        return new CursorPosition(
                cursor.getConsumer(),
                cursor.getTopic(),
                cursor.getPosition(),
                cursor.getHead(),
                cursor.getNext(),
                cursor.getSnapped(),
                cursor.getLag(),
                cursor.getLagBytes(),
                Duration.ofNanos(cursor.getLagNs()),
                cursor.getCommittedNs());
    }

    static EventTimePage page(String topic, io.eckermann.protocol.v1.EventTimePage page) {
        return new EventTimePage(
                page.getEventsList().stream()
                        .map(event -> new RecordedEvent(
                                topic, event.getPosition(), event.getRecordedNs(), new Event(event.getEvent())))
                        .toList(),
                page.hasNext()
                        ? Optional.of(new EventTimePage.Place(
                                page.getNext().getTimeNs(), page.getNext().getPosition()))
                        : Optional.empty(),
                page.getHead());
    }

    static ClusterStatus cluster(ClusterView view) {
        return new ClusterStatus(
                view.getClusterId(),
                view.getAnsweredBy(),
                view.getLeader().isEmpty() ? Optional.empty() : Optional.of(view.getLeader()),
                view.getTerm(),
                view.getCutOff(),
                view.getNodesList().stream().map(Wire::node).toList(),
                view.getShardsList().stream()
                        .map(shard -> new ShardStatus(
                                shard.getShard(),
                                shard.getLeader().isEmpty() ? Optional.empty() : Optional.of(shard.getLeader()),
                                shard.getTerm()))
                        .toList());
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
                node.hasScavenge() ? Optional.of(scavenge(node.getScavenge())) : Optional.empty(),
                node.hasScrub() ? Optional.of(scrub(node.getScrub())) : Optional.empty(),
                node.getDigestsList().stream().map(Wire::digest).toList(),
                new NodeStatus.Room(node.getDiskFreeBytes(), node.getDiskTotalBytes(), node.getDiskLow()));
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

    private static ScrubStatus scrub(ScrubView scrub) {
        return new ScrubStatus(
                switch (scrub.getState()) {
                    case RUNNING -> ScrubStatus.State.RUNNING;
                    case STOPPED -> ScrubStatus.State.STOPPED;
                    case IDLE, UNRECOGNIZED -> ScrubStatus.State.IDLE;
                },
                scrub.getSegments(),
                scrub.getSegmentsDone(),
                scrub.getDamaged(),
                scrub.getMended());
    }

    private static DigestStatus digest(StateDigestView digest) {
        return new DigestStatus(
                digest.getShard(),
                digest.getRaftIndex(),
                digest.getSha256(),
                switch (digest.getVerdict()) {
                    case AGREES -> DigestStatus.Verdict.AGREES;
                    case DIFFERS -> DigestStatus.Verdict.DIFFERS;
                    case NO_MAJORITY -> DigestStatus.Verdict.NO_MAJORITY;
                    case OPEN, UNRECOGNIZED -> DigestStatus.Verdict.OPEN;
                });
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
