package io.eckermann.gateway.groups;

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

/** What doors offer about groups. From any thread; never blocks. */
public interface GroupUseCases {
    CompletableFuture<CreateGroupResponse> create(CreateGroupRequest request, Duration timeout);

    CompletableFuture<Group> get(GetGroupRequest request, Duration timeout);

    CompletableFuture<ListGroupsResponse> list(ListGroupsRequest request, Duration timeout);

    CompletableFuture<Group> update(UpdateGroupRequest request, Duration timeout);

    CompletableFuture<DeleteGroupResponse> delete(DeleteGroupRequest request, Duration timeout);

    /**
     * Waits as the request says. Who gives up cancels the future: then nothing stays leased.
     *
     * @param timeout for proposing, beside the time to wait
     */
    CompletableFuture<LeaseResponse> lease(LeaseRequest request, Duration timeout);

    CompletableFuture<SettleResponse> settle(SettleRequest request, Duration timeout);

    CompletableFuture<ExtendLeasesResponse> extend(ExtendLeasesRequest request, Duration timeout);

    CompletableFuture<Group> pause(PauseGroupRequest request, Duration timeout);

    CompletableFuture<Group> seek(SeekGroupRequest request, Duration timeout);

    CompletableFuture<ListParkedResponse> parked(ListParkedRequest request, Duration timeout);

    CompletableFuture<ChangeParkedResponse> changeParked(ChangeParkedRequest request, Duration timeout);
}
