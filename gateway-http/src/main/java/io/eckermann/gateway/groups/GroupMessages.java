package io.eckermann.gateway.groups;

import io.eckermann.gateway.groups.GroupWrites.Found;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.ListParkedResponse;
import io.eckermann.protocol.v1.ParkedEvent;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.GroupState;
import io.eckermann.statemachine.ParkedState;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.Unread;
import io.eckermann.statemachine.store.v1.GroupStateRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        Optional<Unread> unread =
                behind == 0 ? Optional.empty() : shard.shard().view().unread(topic.id(), state.getFloor());
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
                .setBehindBytes(unread.map(some -> bytes(some, behind)).orElse(0L))
                .setOldestUnackedAgeMs(unread.map(this::ageMs).orElse(0L))
                .setOwner(isOwned ? state.getOwner() : "")
                .build();
    }

    /** Of what lies behind the floor some was settled before its turn: the share that was not. */
    private static long bytes(Unread unread, long behind) {
        return unread.events() == 0 ? 0 : Math.round(unread.bytes() * Math.min(1.0, (double) behind / unread.events()));
    }

    private long ageMs(Unread unread) {
        return unread.nextRecordedNs() == 0
                ? 0
                : Math.max(0, (shard.nowNs() - unread.nextRecordedNs()) / NANOS_PER_MILLI);
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
