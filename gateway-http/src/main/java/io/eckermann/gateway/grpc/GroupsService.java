package io.eckermann.gateway.grpc;

import io.eckermann.gateway.groups.GroupUseCases;
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
import io.grpc.stub.StreamObserver;

/** {@code eckermann.v1.Groups}. */
public final class GroupsService extends GroupsGrpc.GroupsImplBase {
    private final GroupUseCases groups;

    public GroupsService(GroupUseCases groups) {
        this.groups = groups;
    }

    @Override
    public void createGroup(CreateGroupRequest request, StreamObserver<CreateGroupResponse> observer) {
        Calls.answer(observer, timeout -> groups.create(request, timeout));
    }

    @Override
    public void getGroup(GetGroupRequest request, StreamObserver<Group> observer) {
        Calls.answer(observer, timeout -> groups.get(request, timeout));
    }

    @Override
    public void listGroups(ListGroupsRequest request, StreamObserver<ListGroupsResponse> observer) {
        Calls.answer(observer, timeout -> groups.list(request, timeout));
    }

    @Override
    public void updateGroup(UpdateGroupRequest request, StreamObserver<Group> observer) {
        Calls.answer(observer, timeout -> groups.update(request, timeout));
    }

    @Override
    public void deleteGroup(DeleteGroupRequest request, StreamObserver<DeleteGroupResponse> observer) {
        Calls.answer(observer, timeout -> groups.delete(request, timeout));
    }

    @Override
    public void lease(LeaseRequest request, StreamObserver<LeaseResponse> observer) {
        Calls.answer(observer, timeout -> groups.lease(request, timeout));
    }

    @Override
    public void settle(SettleRequest request, StreamObserver<SettleResponse> observer) {
        Calls.answer(observer, timeout -> groups.settle(request, timeout));
    }

    @Override
    public void extendLeases(ExtendLeasesRequest request, StreamObserver<ExtendLeasesResponse> observer) {
        Calls.answer(observer, timeout -> groups.extend(request, timeout));
    }

    @Override
    public void pauseGroup(PauseGroupRequest request, StreamObserver<Group> observer) {
        Calls.answer(observer, timeout -> groups.pause(request, timeout));
    }

    @Override
    public void seekGroup(SeekGroupRequest request, StreamObserver<Group> observer) {
        Calls.answer(observer, timeout -> groups.seek(request, timeout));
    }

    @Override
    public void listParked(ListParkedRequest request, StreamObserver<ListParkedResponse> observer) {
        Calls.answer(observer, timeout -> groups.parked(request, timeout));
    }

    @Override
    public void changeParked(ChangeParkedRequest request, StreamObserver<ChangeParkedResponse> observer) {
        Calls.answer(observer, timeout -> groups.changeParked(request, timeout));
    }
}
