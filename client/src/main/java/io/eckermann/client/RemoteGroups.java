package io.eckermann.client;

import io.eckermann.client.transport.GroupCalls;
import io.eckermann.protocol.v1.ChangeParkedRequest;
import io.eckermann.protocol.v1.CreateGroupRequest;
import io.eckermann.protocol.v1.DeleteGroupRequest;
import io.eckermann.protocol.v1.ExtendLeasesRequest;
import io.eckermann.protocol.v1.GetGroupRequest;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.ListGroupsRequest;
import io.eckermann.protocol.v1.ListParkedRequest;
import io.eckermann.protocol.v1.PauseGroupRequest;
import io.eckermann.protocol.v1.SeekGroupRequest;
import io.eckermann.protocol.v1.SettleRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@link Groups} by calls to any node. */
final class RemoteGroups implements Groups {
    private final GroupCalls calls;

    RemoteGroups(GroupCalls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Group> create(String topic, String group, GroupSettings settings, GroupStart start) {
        CreateGroupRequest request = CreateGroupRequest.newBuilder()
                .setTopic(topic)
                .setName(group)
                .setSettings(GroupWire.settings(settings))
                .setStart(start.wire())
                .build();
        return Failures.mapped(calls.create(request), made -> GroupWire.group(made.getGroup()));
    }

    @Override
    public CompletableFuture<Group> get(String topic, String group) {
        GetGroupRequest request =
                GetGroupRequest.newBuilder().setTopic(topic).setName(group).build();
        return Failures.mapped(calls.get(request), GroupWire::group);
    }

    @Override
    public CompletableFuture<List<Group>> list(String topic) {
        ListGroupsRequest request =
                ListGroupsRequest.newBuilder().setTopic(topic).build();
        return Failures.mapped(
                calls.list(request),
                list -> list.getGroupsList().stream().map(GroupWire::group).toList());
    }

    @Override
    public CompletableFuture<Group> update(String topic, String group, GroupChanges changes) {
        return Failures.mapped(calls.update(changes.wire(topic, group)), GroupWire::group);
    }

    @Override
    public CompletableFuture<Void> delete(String topic, String group) {
        DeleteGroupRequest request =
                DeleteGroupRequest.newBuilder().setTopic(topic).setName(group).build();
        return Failures.mapped(calls.delete(request), done -> null);
    }

    @Override
    public CompletableFuture<Lease> lease(String topic, String group, LeaseOptions options) {
        LeaseRequest request = LeaseRequest.newBuilder()
                .setTopic(topic)
                .setGroup(group)
                .setMember(options.member())
                .setMax(options.max())
                .setWaitMs(options.patience().toMillis())
                .setVisibilityMs(options.visibility().toMillis())
                .build();
        return Failures.mapped(calls.lease(request), leased -> GroupWire.lease(topic, leased));
    }

    @Override
    public CompletableFuture<Settled> settle(String topic, String group, List<Settlement> settlements) {
        SettleRequest request = SettleRequest.newBuilder()
                .setTopic(topic)
                .setGroup(group)
                .addAllSettlements(settlements.stream().map(Settlement::wire).toList())
                .build();
        return Failures.mapped(calls.settle(request), GroupWire::settled);
    }

    @Override
    public CompletableFuture<List<Long>> extend(String topic, String group, List<Long> tokens, Duration visibility) {
        ExtendLeasesRequest request = ExtendLeasesRequest.newBuilder()
                .setTopic(topic)
                .setGroup(group)
                .addAllTokens(tokens)
                .setVisibilityMs(visibility.toMillis())
                .build();
        return Failures.mapped(calls.extend(request), extended -> List.copyOf(extended.getLostList()));
    }

    @Override
    public CompletableFuture<Group> pause(String topic, String group) {
        return paused(topic, group, true);
    }

    @Override
    public CompletableFuture<Group> resume(String topic, String group) {
        return paused(topic, group, false);
    }

    private CompletableFuture<Group> paused(String topic, String group, boolean paused) {
        PauseGroupRequest request = PauseGroupRequest.newBuilder()
                .setTopic(topic)
                .setName(group)
                .setPaused(paused)
                .build();
        return Failures.mapped(calls.pause(request), GroupWire::group);
    }

    @Override
    public CompletableFuture<Group> seek(String topic, String group, GroupStart start, boolean dropParked) {
        SeekGroupRequest request = SeekGroupRequest.newBuilder()
                .setTopic(topic)
                .setName(group)
                .setStart(start.wire())
                .setDropParked(dropParked)
                .build();
        return Failures.mapped(calls.seek(request), GroupWire::group);
    }

    @Override
    public CompletableFuture<List<ParkedEvent>> parked(String topic, String group, long from, int limit) {
        ListParkedRequest request = ListParkedRequest.newBuilder()
                .setTopic(topic)
                .setName(group)
                .setFrom(from)
                .setLimit(limit)
                .build();
        return Failures.mapped(
                calls.parked(request),
                list -> list.getEventsList().stream()
                        .map(parked -> GroupWire.parked(topic, parked))
                        .toList());
    }

    @Override
    public CompletableFuture<ParkedChange> replayParked(String topic, String group, List<Long> positions) {
        return changeParked(topic, group, positions, ChangeParkedRequest.Action.REPLAY);
    }

    @Override
    public CompletableFuture<ParkedChange> dropParked(String topic, String group, List<Long> positions) {
        return changeParked(topic, group, positions, ChangeParkedRequest.Action.DROP);
    }

    private CompletableFuture<ParkedChange> changeParked(
            String topic, String group, List<Long> positions, ChangeParkedRequest.Action action) {
        ChangeParkedRequest request = ChangeParkedRequest.newBuilder()
                .setTopic(topic)
                .setName(group)
                .setAction(action)
                .addAllPositions(positions)
                .build();
        return Failures.mapped(
                calls.changeParked(request),
                changed -> new ParkedChange(changed.getChanged(), changed.getHeldList(), changed.getMissingList()));
    }

    @Override
    public GroupConsumer consume(String topic, String group, ConsumerOptions options, GroupConsumer.Handler handler) {
        return new GroupConsumer(this, topic, group, options, handler).start();
    }
}
