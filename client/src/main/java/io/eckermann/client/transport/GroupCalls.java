package io.eckermann.client.transport;

import io.eckermann.client.transport.Calls.Kind;
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
import java.util.concurrent.CompletableFuture;

/** The calls about groups; as {@link Calls}. */
public final class GroupCalls {
    private final Calls calls;

    public GroupCalls(Calls calls) {
        this.calls = calls;
    }

    /** Not repeated when it may be done: events would be leased to nobody until their lease ends. */
    public CompletableFuture<LeaseResponse> lease(LeaseRequest request) {
        return calls.call(GroupsGrpc.getLeaseMethod(), request, Kind.ONCE, Duration.ofMillis(request.getWaitMs()));
    }

    public CompletableFuture<CreateGroupResponse> create(CreateGroupRequest request) {
        return calls.call(GroupsGrpc.getCreateGroupMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<Group> get(GetGroupRequest request) {
        return calls.call(GroupsGrpc.getGetGroupMethod(), request, Kind.READ);
    }

    public CompletableFuture<ListGroupsResponse> list(ListGroupsRequest request) {
        return calls.call(GroupsGrpc.getListGroupsMethod(), request, Kind.READ);
    }

    public CompletableFuture<Group> update(UpdateGroupRequest request) {
        return calls.call(GroupsGrpc.getUpdateGroupMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<DeleteGroupResponse> delete(DeleteGroupRequest request) {
        return calls.call(GroupsGrpc.getDeleteGroupMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<SettleResponse> settle(SettleRequest request) {
        return calls.call(GroupsGrpc.getSettleMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<ExtendLeasesResponse> extend(ExtendLeasesRequest request) {
        return calls.call(GroupsGrpc.getExtendLeasesMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<Group> pause(PauseGroupRequest request) {
        return calls.call(GroupsGrpc.getPauseGroupMethod(), request, Kind.IDEMPOTENT);
    }

    public CompletableFuture<Group> seek(SeekGroupRequest request) {
        return calls.call(GroupsGrpc.getSeekGroupMethod(), request, Kind.ONCE);
    }

    public CompletableFuture<ListParkedResponse> parked(ListParkedRequest request) {
        return calls.call(GroupsGrpc.getListParkedMethod(), request, Kind.READ);
    }

    public CompletableFuture<ChangeParkedResponse> changeParked(ChangeParkedRequest request) {
        return calls.call(GroupsGrpc.getChangeParkedMethod(), request, Kind.ONCE);
    }
}
