package io.eckermann.gateway.groups;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.TopicWrites;
import io.eckermann.gateway.groups.GroupWrites.Found;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
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
import io.eckermann.protocol.v1.GroupSettings;
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
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.eckermann.statemachine.log.v1.ChangeParked;
import io.eckermann.statemachine.log.v1.CreateGroup;
import io.eckermann.statemachine.log.v1.DeleteGroup;
import io.eckermann.statemachine.log.v1.ExtendLeases;
import io.eckermann.statemachine.log.v1.Extended;
import io.eckermann.statemachine.log.v1.GroupChange;
import io.eckermann.statemachine.log.v1.GroupOutcome;
import io.eckermann.statemachine.log.v1.LeaseWish;
import io.eckermann.statemachine.log.v1.ParkedChanged;
import io.eckermann.statemachine.log.v1.PauseGroup;
import io.eckermann.statemachine.log.v1.SeekGroup;
import io.eckermann.statemachine.log.v1.SettleLeases;
import io.eckermann.statemachine.log.v1.Settled;
import io.eckermann.statemachine.log.v1.UpdateGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Groups, with the real shard behind them. Safe from any thread; never blocks the caller. */
public final class GroupHandler implements GroupUseCases {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int PARKED_USUAL = 100;

    private final GroupShard shard;
    private final ShardReads reads;
    private final TopicWrites topicWrites;
    private final GroupWrites writes;
    private final GroupMessages messages;
    private final LeaseDesks desks;

    public GroupHandler(GroupShard shard) {
        this.shard = shard;
        this.reads = new ShardReads(shard.shard(), shard.reads());
        this.topicWrites = new TopicWrites(shard.shard(), shard.reads());
        this.writes = new GroupWrites(shard);
        this.messages = new GroupMessages(shard);
        this.desks = new LeaseDesks(shard, writes);
    }

    @Override
    public CompletableFuture<CreateGroupResponse> create(CreateGroupRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.group(request.getName());
            GroupSettings settings = GroupRules.complete(request.getSettings());
            GroupRules.check(request.getStart());
            Deadline deadline = Deadline.after(timeout);
            return reads.read(
                            topic,
                            Consistency.LINEARIZABLE,
                            deadline,
                            view -> GroupStarts.of(view, topic, request.getStart()))
                    .thenCompose(start -> topicWrites.submit(
                            topic,
                            deadline,
                            Result.GroupChanged.class,
                            found -> new Operation.ChangeGroup(GroupChange.newBuilder()
                                    .setTopicId(found.id())
                                    .setCreate(CreateGroup.newBuilder()
                                            .setName(name)
                                            .setSettings(settings)
                                            .setStart(start))
                                    .build())))
                    .thenCompose(result -> writes.findFresh(topic, name, deadline)
                            .thenApply(found -> CreateGroupResponse.newBuilder()
                                    .setGroup(messages.group(found))
                                    .setCreated(result.outcome().getCreated().getCreated())
                                    .build()));
        });
    }

    @Override
    public CompletableFuture<Group> get(GetGroupRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.group(request.getName());
            return reads.read(
                    topic,
                    request.getConsistency(),
                    Deadline.after(timeout),
                    view -> messages.group(writes.require(topic, name)));
        });
    }

    @Override
    public CompletableFuture<ListGroupsResponse> list(ListGroupsRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = request.getTopic().isEmpty() ? "" : Names.topic(request.getTopic());
            return reads.read(topic, request.getConsistency(), Deadline.after(timeout), view -> {
                List<TopicState> topics = topic.isEmpty() ? view.topics("") : List.of(ShardReads.topic(view, topic));
                ListGroupsResponse.Builder response = ListGroupsResponse.newBuilder();
                for (TopicState each : topics) {
                    shard.groups()
                            .groups(each.id())
                            .forEach(group -> response.addGroups(messages.group(new Found(each, group))));
                }
                return response.build();
            });
        });
    }

    @Override
    public CompletableFuture<Group> update(UpdateGroupRequest request, Duration timeout) {
        UpdateGroup.Builder update = UpdateGroup.newBuilder();
        return changed(request.getTopic(), request.getName(), timeout, () -> {
            if (request.hasVisibilityMs()) {
                update.setVisibilityMs(GroupRules.between(
                        "visibility_ms",
                        request.getVisibilityMs(),
                        Limits.VISIBILITY_MS_MIN,
                        Limits.VISIBILITY_MS_MAX));
            }
            if (request.hasAttemptsMax()) {
                update.setAttemptsMax((int)
                        GroupRules.between("attempts_max", request.getAttemptsMax(), 1, Limits.GROUP_ATTEMPTS_MAX));
            }
            if (request.hasInFlightMax()) {
                update.setInFlightMax((int)
                        GroupRules.between("in_flight_max", request.getInFlightMax(), 1, Limits.GROUP_IN_FLIGHT_MAX));
            }
            if (request.hasWindow()) {
                update.setWindow(GroupRules.between("window", request.getWindow(), 1, Limits.GROUP_WINDOW_MAX));
            }
            return GroupChange.newBuilder().setUpdate(update);
        });
    }

    @Override
    public CompletableFuture<Group> pause(PauseGroupRequest request, Duration timeout) {
        return changed(
                request.getTopic(),
                request.getName(),
                timeout,
                () -> GroupChange.newBuilder().setPause(PauseGroup.newBuilder().setPaused(request.getPaused())));
    }

    private CompletableFuture<Group> changed(
            String topicName, String groupName, Duration timeout, Supplier<GroupChange.Builder> change) {
        return Failures.guarded(() -> {
            String topic = Names.topic(topicName);
            String name = Names.group(groupName);
            GroupChange.Builder made = change.get();
            Deadline deadline = Deadline.after(timeout);
            return writes.submit(topic, name, deadline, group -> made)
                    .thenCompose(done -> writes.findFresh(topic, name, deadline))
                    .thenApply(messages::group);
        });
    }

    @Override
    public CompletableFuture<Group> seek(SeekGroupRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.group(request.getName());
            GroupRules.check(request.getStart());
            Deadline deadline = Deadline.after(timeout);
            return reads.read(
                            topic,
                            Consistency.LINEARIZABLE,
                            deadline,
                            view -> GroupStarts.of(view, topic, request.getStart()))
                    .thenCompose(start -> changed(
                            topic,
                            name,
                            deadline.remaining(),
                            () -> GroupChange.newBuilder()
                                    .setSeek(SeekGroup.newBuilder()
                                            .setStart(start)
                                            .setDropParked(request.getDropParked()))));
        });
    }

    @Override
    public CompletableFuture<DeleteGroupResponse> delete(DeleteGroupRequest request, Duration timeout) {
        return Failures.guarded(() -> writes.submit(
                        Names.topic(request.getTopic()),
                        Names.group(request.getName()),
                        Deadline.after(timeout),
                        group -> GroupChange.newBuilder().setDelete(DeleteGroup.getDefaultInstance()))
                .thenApply(done -> DeleteGroupResponse.getDefaultInstance()));
    }

    @Override
    public CompletableFuture<LeaseResponse> lease(LeaseRequest request, Duration timeout) {
        CompletableFuture<LeaseResponse> answer = new CompletableFuture<>();
        Failures.whenDone(
                Failures.guarded(() -> {
                    GroupRules.check(request);
                    return writes.find(
                            Names.topic(request.getTopic()), Names.group(request.getGroup()), Deadline.after(timeout));
                }),
                found -> {
                    try {
                        desks.add(found, wish(request, found, answer), request.getWaitMs());
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(Failures.storeException(e));
                    }
                },
                answer::completeExceptionally);
        return answer;
    }

    private static Wish wish(LeaseRequest request, Found found, CompletableFuture<LeaseResponse> answer) {
        GroupSettings settings = found.group().row().getSettings();
        if (settings.getExclusive() && request.getMember().isEmpty()) {
            throw GroupRules.bad("member", "Who leases from an exclusive group says who it is.");
        }
        long visibilityMs = request.getVisibilityMs() == 0 ? settings.getVisibilityMs() : request.getVisibilityMs();
        return new Wish(
                LeaseWish.newBuilder()
                        .setMember(request.getMember())
                        .setMax(request.getMax() == 0 ? Limits.LEASE_EVENTS_USUAL : request.getMax())
                        .setVisibilityNs(visibilityMs * NANOS_PER_MILLI)
                        .build(),
                answer);
    }

    @Override
    public CompletableFuture<SettleResponse> settle(SettleRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String group = Names.group(request.getGroup());
            GroupRules.check(request);
            return writes.submit(
                            topic,
                            group,
                            Deadline.after(timeout),
                            found -> GroupChange.newBuilder()
                                    .setSettle(
                                            SettleLeases.newBuilder().addAllSettlements(request.getSettlementsList())))
                    .thenApply(outcome -> settled(outcome, request));
        });
    }

    private static SettleResponse settled(GroupOutcome outcome, SettleRequest request) {
        Settled settled = outcome.getSettled();
        if (settled.getSettled() == 0) {
            throw lost().with("token", request.getSettlements(0).getToken());
        }
        return SettleResponse.newBuilder()
                .setSettled(settled.getSettled())
                .addAllLost(settled.getLostList())
                .build();
    }

    private static StoreException lost() {
        return new StoreException(
                ErrorCode.LEASE_LOST,
                "The lease has ended, was settled already, or never was this one: somebody else may have its events.");
    }

    @Override
    public CompletableFuture<ExtendLeasesResponse> extend(ExtendLeasesRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.group(request.getGroup());
            GroupRules.between("tokens", request.getTokensCount(), 1, Limits.SETTLEMENTS_MAX);
            GroupRules.positions("tokens", request.getTokensList());
            long asked = GroupRules.visibilityMs(request.getVisibilityMs(), 0);
            return writes.submit(topic, name, Deadline.after(timeout), group -> {
                        long usual = group.row().getSettings().getVisibilityMs();
                        return GroupChange.newBuilder()
                                .setExtend(ExtendLeases.newBuilder()
                                        .addAllTokens(request.getTokensList())
                                        .setVisibilityNs((asked == 0 ? usual : asked) * NANOS_PER_MILLI));
                    })
                    .thenApply(outcome -> extended(outcome.getExtended(), request));
        });
    }

    private static ExtendLeasesResponse extended(Extended extended, ExtendLeasesRequest request) {
        if (extended.getLostCount() == request.getTokensCount()) {
            throw lost().with("token", request.getTokens(0));
        }
        return ExtendLeasesResponse.newBuilder()
                .setUntilNs(extended.getUntilNs())
                .addAllLost(extended.getLostList())
                .build();
    }

    @Override
    public CompletableFuture<ListParkedResponse> parked(ListParkedRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            String topic = Names.topic(request.getTopic());
            String name = Names.group(request.getName());
            GroupRules.between("from", request.getFrom(), 0, Long.MAX_VALUE);
            GroupRules.between("limit", request.getLimit(), 0, Limits.SETTLEMENTS_MAX);
            int limit = request.getLimit() == 0 ? PARKED_USUAL : request.getLimit();
            return reads.read(
                    topic,
                    request.getConsistency(),
                    Deadline.after(timeout),
                    view -> messages.parked(writes.require(topic, name), request.getFrom(), limit));
        });
    }

    @Override
    public CompletableFuture<ChangeParkedResponse> changeParked(ChangeParkedRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Names.topic(request.getTopic());
            Names.group(request.getName());
            GroupRules.between("positions", request.getPositionsCount(), 0, Limits.SETTLEMENTS_MAX);
            GroupRules.positions("positions", request.getPositionsList());
            if (request.getAction() == ChangeParkedRequest.Action.UNRECOGNIZED) {
                throw GroupRules.bad("action", "There is no such action.");
            }
            return changeParked(request, Deadline.after(timeout), ChangeParkedResponse.newBuilder())
                    .thenApply(ChangeParkedResponse.Builder::build);
        });
    }

    /** All of them take as many commands as it needs; those parked meanwhile may be among them. */
    private CompletableFuture<ChangeParkedResponse.Builder> changeParked(
            ChangeParkedRequest request, Deadline deadline, ChangeParkedResponse.Builder response) {
        ChangeParked change = ChangeParked.newBuilder()
                .setReplay(request.getAction() == ChangeParkedRequest.Action.REPLAY)
                .addAllPositions(request.getPositionsList())
                .setMax(Limits.SETTLEMENTS_MAX)
                .build();
        return writes.submit(
                        request.getTopic(),
                        request.getName(),
                        deadline,
                        group -> GroupChange.newBuilder().setParked(change))
                .thenCompose(outcome -> {
                    ParkedChanged changed = outcome.getParked();
                    response.setChanged(response.getChanged() + changed.getChanged())
                            .addAllHeld(changed.getHeldList())
                            .addAllMissing(changed.getMissingList());
                    return changed.getNext() == 0 || changed.getChanged() == 0
                            ? CompletableFuture.completedFuture(response)
                            : changeParked(request, deadline, response);
                });
    }
}
