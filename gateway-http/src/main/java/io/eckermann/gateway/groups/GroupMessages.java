package io.eckermann.gateway.groups;

import io.eckermann.gateway.groups.GroupWrites.Found;
import io.eckermann.protocol.v1.Chunk;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.ListParkedResponse;
import io.eckermann.protocol.v1.ParkedEvent;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.ParkedState;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.store.v1.GroupStateRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups as doors show them. May touch the disk. */
final class GroupMessages {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long PARKED_BYTES_MAX = 4L << 20;

    private final GroupShard shard;

    GroupMessages(GroupShard shard) {
        this.shard = shard;
    }

    Group group(Found found) {
        GroupState group = found.group();
        GroupStateRow state = group.state();
        TopicState topic = found.topic();
        long next = Math.max(state.getNext(), topic.first());
        long behind = Math.max(0, topic.head() - next + 1) + group.open();
        boolean isOwned = state.getOwnerUntilNs() > shard.nowNs();
        return Group.newBuilder()
                .setName(group.name())
                .setTopic(topic.name())
                .setId(group.id())
                .setSettings(group.row().getSettings())
                .setCreatedNs(group.row().getCreatedNs())
                .setFloor(state.getFloor())
                .setNext(next)
                .setHead(topic.head())
                .setPaused(state.getPaused())
                .setBehind(behind)
                .setInFlight(state.getLeased())
                .setWaiting(group.waiting())
                .setParked(state.getParked())
                .setOldestUnackedAgeMs(behind == 0 ? 0 : ageMs(topic, state.getFloor() + 1))
                .setOwner(isOwned ? state.getOwner() : "")
                .build();
    }

    private long ageMs(TopicState topic, long position) {
        long from = Math.max(position, topic.first());
        if (from > topic.head()) {
            return 0;
        }
        List<Chunk> chunks = shard.shard().view().forward(topic.id(), from, 1);
        if (chunks.isEmpty()) {
            return 0;
        }
        Chunk chunk = chunks.get(0);
        long recordedNs = chunk.getFirstRecordedNs() + Math.max(0, from - chunk.getFirstPosition());
        return Math.max(0, (shard.nowNs() - recordedNs) / NANOS_PER_MILLI);
    }

    ListParkedResponse parked(Found found, long from, int limit) {
        List<ParkedState> parked =
                shard.groups().parked(found.topic().id(), found.group().id(), from, limit + 1);
        ListParkedResponse.Builder response = ListParkedResponse.newBuilder();
        if (parked.size() > limit) {
            response.setNext(parked.get(limit).position());
        }
        List<ParkedState> shown = parked.subList(0, Math.min(limit, parked.size()));
        StoredEvents stored = StoredEvents.read(
                shard.shard().view(),
                found.topic().id(),
                shown.stream().map(ParkedState::position).toList(),
                PARKED_BYTES_MAX);
        if (stored.cutAt() > 0) {
            response.setNext(stored.cutAt());
        }
        Map<Long, RecordedEvent> events = new HashMap<>();
        stored.found().forEach(event -> events.put(event.getPosition(), event));
        for (ParkedState each : shown) {
            if (stored.cutAt() > 0 && each.position() >= stored.cutAt()) {
                break;
            }
            ParkedEvent.Builder event = ParkedEvent.newBuilder()
                    .setPosition(each.position())
                    .setAttempts(each.attempts())
                    .setReason(each.reason())
                    .setParkedNs(each.parkedNs())
                    .setKey(each.key());
            if (events.containsKey(each.position())) {
                event.setEvent(events.get(each.position()));
            }
            response.addEvents(event);
        }
        return response.build();
    }
}
