package io.eckermann.client;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.v1.ChangeParkedRequest;
import io.eckermann.protocol.v1.ChangeParkedResponse;
import io.eckermann.protocol.v1.CreateGroupRequest;
import io.eckermann.protocol.v1.CreateGroupResponse;
import io.eckermann.protocol.v1.DeleteGroupRequest;
import io.eckermann.protocol.v1.DeleteGroupResponse;
import io.eckermann.protocol.v1.ExtendLeasesRequest;
import io.eckermann.protocol.v1.ExtendLeasesResponse;
import io.eckermann.protocol.v1.GetGroupRequest;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.GroupsGrpc;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.LeasedEvent;
import io.eckermann.protocol.v1.ListGroupsRequest;
import io.eckermann.protocol.v1.ListGroupsResponse;
import io.eckermann.protocol.v1.ListParkedRequest;
import io.eckermann.protocol.v1.ListParkedResponse;
import io.eckermann.protocol.v1.LostLease;
import io.eckermann.protocol.v1.ParkedEvent;
import io.eckermann.protocol.v1.PauseGroupRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.protocol.v1.SeekGroupRequest;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.SettleResponse;
import io.eckermann.protocol.v1.Settlement;
import io.eckermann.protocol.v1.UpdateGroupRequest;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** Groups of the fake: leases that never end, without order and attempts. The n-th event was recorded at n seconds. */
final class FakeGroupsService extends GroupsGrpc.GroupsImplBase {
    private static final long SECOND_NS = 1_000_000_000L;

    /** What is known of one group. */
    static final class State {
        Group.Builder group = Group.newBuilder();
        final TreeMap<Long, Long> leased = new TreeMap<>();
        final TreeSet<Long> waiting = new TreeSet<>();
        final TreeMap<Long, String> parked = new TreeMap<>();
        long tokens;
    }

    private final FakeCluster cluster;

    FakeGroupsService(FakeCluster cluster) {
        this.cluster = cluster;
    }

    /** Answers with what is made of a group, or that there is none. */
    private <T> void answer(String topic, String name, StreamObserver<T> answer, Function<State, T> of) {
        synchronized (cluster) {
            State state = cluster.groups.get(topic + "/" + name);
            if (state == null) {
                answer.onError(FakeErrors.error(ErrorCode.GROUP_NOT_FOUND, Map.of("group", name)));
                return;
            }
            answer.onNext(of.apply(state));
        }
        answer.onCompleted();
    }

    private void change(String topic, String name, StreamObserver<Group> answer, Consumer<State> change) {
        answer(topic, name, answer, state -> {
            change.accept(state);
            return view(state);
        });
    }

    private Group view(State state) {
        long head = cluster.topic(state.group.getTopic()).events.size();
        int open = state.leased.size() + state.waiting.size();
        return state.group
                .setHead(head)
                .setInFlight(state.leased.size())
                .setWaiting(state.waiting.size())
                .setParked(state.parked.size())
                .setFloor(open == 0 ? state.group.getNext() - 1 : state.group.getFloor())
                .setBehind(head - state.group.getNext() + 1 + open)
                .setBehindBytes(10 * (head - state.group.getNext() + 1 + open))
                .setOldestUnackedAgeMs(open == 0 ? 0 : 7_400_000)
                .build();
    }

    @Override
    public void createGroup(CreateGroupRequest request, StreamObserver<CreateGroupResponse> answer) {
        synchronized (cluster) {
            State state = new State();
            state.group
                    .setName(request.getName())
                    .setTopic(request.getTopic())
                    .setId(1)
                    .setSettings(request.getSettings())
                    .setNext(
                            switch (request.getStart().getAtCase()) {
                                case POSITION -> request.getStart().getPosition();
                                case TIME_NS -> request.getStart().getTimeNs() / SECOND_NS;
                                case LATEST ->
                                    cluster.topic(request.getTopic()).events.size() + 1L;
                                case AT_NOT_SET -> 1;
                            });
            boolean created = cluster.groups.put(request.getTopic() + "/" + request.getName(), state) == null;
            answer.onNext(CreateGroupResponse.newBuilder()
                    .setGroup(view(state))
                    .setCreated(created)
                    .build());
        }
        answer.onCompleted();
    }

    @Override
    public void getGroup(GetGroupRequest request, StreamObserver<Group> answer) {
        change(request.getTopic(), request.getName(), answer, state -> {});
    }

    @Override
    public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> answer) {
        ListGroupsResponse.Builder list = ListGroupsResponse.newBuilder();
        synchronized (cluster) {
            cluster.groups.values().stream()
                    .map(this::view)
                    .filter(group ->
                            request.getTopic().isEmpty() || request.getTopic().equals(group.getTopic()))
                    .forEach(list::addGroups);
        }
        answer.onNext(list.build());
        answer.onCompleted();
    }

    @Override
    public void updateGroup(UpdateGroupRequest request, StreamObserver<Group> answer) {
        change(request.getTopic(), request.getName(), answer, state -> {
            if (request.hasVisibilityMs()) {
                state.group.getSettingsBuilder().setVisibilityMs(request.getVisibilityMs());
            }
            if (request.hasAttemptsMax()) {
                state.group.getSettingsBuilder().setAttemptsMax(request.getAttemptsMax());
            }
        });
    }

    @Override
    public void deleteGroup(DeleteGroupRequest request, StreamObserver<DeleteGroupResponse> answer) {
        answer(request.getTopic(), request.getName(), answer, state -> {
            cluster.groups.remove(request.getTopic() + "/" + request.getName());
            return DeleteGroupResponse.getDefaultInstance();
        });
    }

    @Override
    public void lease(LeaseRequest request, StreamObserver<LeaseResponse> answer) {
        answer(request.getTopic(), request.getGroup(), answer, state -> {
            LeaseResponse.Builder lease = LeaseResponse.newBuilder().setToken(++state.tokens);
            if (state.group.getPaused()) {
                return lease.setIdle(LeaseResponse.Idle.PAUSED).build();
            }
            long head = cluster.topic(request.getTopic()).events.size();
            while (lease.getEventsCount() < request.getMax()
                    && (!state.waiting.isEmpty() || state.group.getNext() <= head)) {
                boolean again = !state.waiting.isEmpty();
                long position = again ? state.waiting.pollFirst() : state.group.getNext();
                state.group.setNext(again ? state.group.getNext() : position + 1);
                state.leased.put(position, state.tokens);
                lease.addEvents(LeasedEvent.newBuilder()
                        .setEvent(recorded(request.getTopic(), position))
                        .setAttempts(again ? 2 : 1));
            }
            return lease.setUntilNs(1_800_000_000L * SECOND_NS).build();
        });
    }

    private RecordedEvent recorded(String topic, long position) {
        return RecordedEvent.newBuilder()
                .setPosition(position)
                .setRecordedNs(position * SECOND_NS)
                .setEvent(cluster.topic(topic).events.get((int) position - 1))
                .build();
    }

    @Override
    public void settle(SettleRequest request, StreamObserver<SettleResponse> answer) {
        answer(request.getTopic(), request.getGroup(), answer, state -> {
            SettleResponse.Builder settled = SettleResponse.newBuilder();
            for (Settlement each : request.getSettlementsList()) {
                LostLease.Builder lost = LostLease.newBuilder().setToken(each.getToken());
                List<Long> meant = new ArrayList<>(each.getPositionsList());
                if (meant.isEmpty()) {
                    state.leased.forEach((position, token) -> {
                        if (token == each.getToken()) {
                            meant.add(position);
                        }
                    });
                }
                for (long position : meant) {
                    if (!state.leased.remove(position, each.getToken())) {
                        lost.addPositions(position);
                        continue;
                    }
                    settled.setSettled(settled.getSettled() + 1);
                    switch (each.getAction()) {
                        case NACK, RELEASE -> state.waiting.add(position);
                        case PARK -> state.parked.put(position, each.getReason());
                        default -> {}
                    }
                }
                if (lost.getPositionsCount() > 0) {
                    settled.addLost(lost);
                }
            }
            return settled.build();
        });
    }

    @Override
    public void extendLeases(ExtendLeasesRequest request, StreamObserver<ExtendLeasesResponse> answer) {
        answer(
                request.getTopic(),
                request.getGroup(),
                answer,
                state -> ExtendLeasesResponse.newBuilder()
                        .addAllLost(request.getTokensList().stream()
                                .filter(token -> !state.leased.containsValue(token))
                                .toList())
                        .build());
    }

    @Override
    public void pauseGroup(PauseGroupRequest request, StreamObserver<Group> answer) {
        change(request.getTopic(), request.getName(), answer, state -> state.group.setPaused(request.getPaused()));
    }

    @Override
    public void seekGroup(SeekGroupRequest request, StreamObserver<Group> answer) {
        change(request.getTopic(), request.getName(), answer, state -> {
            state.leased.clear();
            state.waiting.clear();
            state.group.setNext(Math.max(1, request.getStart().getPosition()));
        });
    }

    @Override
    public void listParked(ListParkedRequest request, StreamObserver<ListParkedResponse> answer) {
        answer(request.getTopic(), request.getName(), answer, state -> {
            ListParkedResponse.Builder list = ListParkedResponse.newBuilder();
            state.parked
                    .tailMap(request.getFrom())
                    .forEach((position, reason) -> list.addEvents(ParkedEvent.newBuilder()
                            .setPosition(position)
                            .setAttempts(1)
                            .setReason(reason)
                            .setParkedNs(1_700_000_000L * SECOND_NS)
                            .setEvent(recorded(request.getTopic(), position))));
            return list.build();
        });
    }

    @Override
    public void changeParked(ChangeParkedRequest request, StreamObserver<ChangeParkedResponse> answer) {
        answer(request.getTopic(), request.getName(), answer, state -> {
            ChangeParkedResponse.Builder changed = ChangeParkedResponse.newBuilder();
            List<Long> meant =
                    request.getPositionsCount() == 0 ? List.copyOf(state.parked.keySet()) : request.getPositionsList();
            for (long position : meant) {
                if (state.parked.remove(position) == null) {
                    changed.addMissing(position);
                } else {
                    changed.setChanged(changed.getChanged() + 1);
                    if (request.getAction() == ChangeParkedRequest.Action.REPLAY) {
                        state.waiting.add(position);
                    }
                }
            }
            return changed.build();
        });
    }
}
