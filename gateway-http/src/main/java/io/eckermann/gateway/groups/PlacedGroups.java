package io.eckermann.gateway.groups;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.Joined;
import io.eckermann.gateway.Shard;
import io.eckermann.gateway.Shards;
import io.eckermann.protocol.v1.ChangeParkedRequest;
import io.eckermann.protocol.v1.ChangeParkedResponse;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.CreateGroupRequest;
import io.eckermann.protocol.v1.CreateGroupResponse;
import io.eckermann.protocol.v1.DeleteGroupRequest;
import io.eckermann.protocol.v1.DeleteGroupResponse;
import io.eckermann.protocol.v1.ExtendLeasesRequest;
import io.eckermann.protocol.v1.ExtendLeasesResponse;
import io.eckermann.protocol.v1.GetGroupRequest;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.LeaseResponse;
import io.eckermann.protocol.v1.ListGroupsRequest;
import io.eckermann.protocol.v1.ListGroupsResponse;
import io.eckermann.protocol.v1.ListParkedRequest;
import io.eckermann.protocol.v1.ListParkedResponse;
import io.eckermann.protocol.v1.PauseGroupRequest;
import io.eckermann.protocol.v1.SeekGroupRequest;
import io.eckermann.protocol.v1.SettleRequest;
import io.eckermann.protocol.v1.SettleResponse;
import io.eckermann.protocol.v1.UpdateGroupRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** The groups of several shards: each is where its topic is. Safe from any thread; never blocks the caller. */
public final class PlacedGroups implements GroupUseCases {
    private final Shards shards;
    private final Map<Shard, GroupUseCases> groups;

    /** @param groups those of each shard */
    public PlacedGroups(Shards shards, Map<Shard, GroupUseCases> groups) {
        this.shards = shards;
        this.groups = Map.copyOf(groups);
    }

    private <R> CompletableFuture<R> at(
            String topic, Duration timeout, BiFunction<GroupUseCases, Duration, CompletableFuture<R>> call) {
        Shard known = shards.known(topic);
        if (known != null) {
            return call.apply(of(known), timeout);
        }
        Deadline deadline = Deadline.after(timeout);
        CompletableFuture<R> answer = new CompletableFuture<>();
        Failures.whenDone(
                Failures.guarded(() -> shards.at(topic, Consistency.LINEARIZABLE, deadline)),
                shard -> {
                    CompletableFuture<R> made = call.apply(of(shard), deadline.remaining());
                    Failures.whenDone(made, answer::complete, answer::completeExceptionally);
                    // Who gives up must not be given anything.
                    CompletableFuture<?> unused = answer.whenComplete((value, failure) -> made.cancel(false));
                },
                answer::completeExceptionally);
        return answer;
    }

    private GroupUseCases of(Shard shard) {
        return Objects.requireNonNull(groups.get(shard));
    }

    @Override
    public CompletableFuture<CreateGroupResponse> create(CreateGroupRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.create(request, left));
    }

    @Override
    public CompletableFuture<Group> get(GetGroupRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.get(request, left));
    }

    @Override
    public CompletableFuture<ListGroupsResponse> list(ListGroupsRequest request, Duration timeout) {
        if (!request.getTopic().isEmpty()) {
            return at(request.getTopic(), timeout, (groups, left) -> groups.list(request, left));
        }
        List<CompletableFuture<ListGroupsResponse>> asked = shards.all().stream()
                .map(shard -> of(shard).list(request, timeout))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all -> ListGroupsResponse.newBuilder()
                        .addAllGroups(Joined.byTopic(
                                asked.stream()
                                        .map(answer -> answer.join().getGroupsList())
                                        .toList(),
                                Group::getTopic))
                        .build());
    }

    @Override
    public CompletableFuture<Group> update(UpdateGroupRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.update(request, left));
    }

    @Override
    public CompletableFuture<DeleteGroupResponse> delete(DeleteGroupRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.delete(request, left));
    }

    @Override
    public CompletableFuture<LeaseResponse> lease(LeaseRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.lease(request, left));
    }

    @Override
    public CompletableFuture<SettleResponse> settle(SettleRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.settle(request, left));
    }

    @Override
    public CompletableFuture<ExtendLeasesResponse> extend(ExtendLeasesRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.extend(request, left));
    }

    @Override
    public CompletableFuture<Group> pause(PauseGroupRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.pause(request, left));
    }

    @Override
    public CompletableFuture<Group> seek(SeekGroupRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.seek(request, left));
    }

    @Override
    public CompletableFuture<ListParkedResponse> parked(ListParkedRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.parked(request, left));
    }

    @Override
    public CompletableFuture<ChangeParkedResponse> changeParked(ChangeParkedRequest request, Duration timeout) {
        return at(request.getTopic(), timeout, (groups, left) -> groups.changeParked(request, left));
    }
}
