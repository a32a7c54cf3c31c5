package io.eckermann.gateway.http;

import io.eckermann.gateway.groups.GroupUseCases;
import io.eckermann.gateway.http.json.GroupJson;
import io.eckermann.gateway.http.json.LeaseJson;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.ChangeParkedRequest;
import io.eckermann.protocol.v1.DeleteGroupRequest;
import io.eckermann.protocol.v1.GetGroupRequest;
import io.eckermann.protocol.v1.Group;
import io.eckermann.protocol.v1.LeaseRequest;
import io.eckermann.protocol.v1.ListGroupsRequest;
import io.eckermann.protocol.v1.ListParkedRequest;
import io.eckermann.protocol.v1.PauseGroupRequest;
import io.eckermann.protocol.v1.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** {@code /v1/groups/{topic}/{group}}, and what its members do. */
final class GroupRoute {
    private static final String PATH = "/v1/groups/{topic}/{group}";

    private final GroupUseCases groups;
    private final Duration timeout;

    GroupRoute(GroupUseCases groups, Duration timeout) {
        this.groups = groups;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/v1/groups", this::list);
        router.on("PUT", PATH, this::create);
        router.on("GET", PATH, this::show);
        router.on("PATCH", PATH, this::update);
        router.on("DELETE", PATH, this::delete);
        router.on("POST", PATH + "/lease", this::lease);
        router.on("POST", PATH + "/ack", http -> settle(http, Settlement.Action.ACK));
        router.on("POST", PATH + "/nack", http -> settle(http, Settlement.Action.NACK));
        router.on("POST", PATH + "/park", http -> settle(http, Settlement.Action.PARK));
        router.on("POST", PATH + "/release", http -> settle(http, Settlement.Action.RELEASE));
        router.on("POST", PATH + "/extend", this::extend);
        router.on("POST", PATH + "/pause", http -> pause(http, true));
        router.on("POST", PATH + "/resume", http -> pause(http, false));
        router.on("POST", PATH + "/seek", this::seek);
        router.on("GET", PATH + "/parked", this::parked);
        router.on("POST", PATH + "/parked/replay", http -> changeParked(http, ChangeParkedRequest.Action.REPLAY));
        router.on("POST", PATH + "/parked/drop", http -> changeParked(http, ChangeParkedRequest.Action.DROP));
    }

    private static String topic(Request http) {
        return http.variables().get(0);
    }

    private static String group(Request http) {
        return http.variables().get(1);
    }

    private static CompletableFuture<Answer> shown(CompletableFuture<Group> group) {
        return group.thenApply(found -> Answer.json(200, GroupJson.group(found)));
    }

    private CompletableFuture<Answer> list(Request http) {
        Query query = http.query().only(List.of("topic", "consistency"));
        ListGroupsRequest request = ListGroupsRequest.newBuilder()
                .setTopic(query.text("topic").orElse(""))
                .setConsistency(query.consistency())
                .build();
        return groups.list(request, timeout)
                .thenApply(answer -> Answer.json(200, GroupJson.groups(answer.getGroupsList())));
    }

    private CompletableFuture<Answer> create(Request http) {
        http.query().only(List.of());
        return groups.create(
                        GroupJson.create(Bodies.json(http))
                                .setTopic(topic(http))
                                .setName(group(http))
                                .build(),
                        timeout)
                .thenApply(answer -> {
                    byte[] shown = GroupJson.group(answer.getGroup());
                    return answer.getCreated()
                            ? Answer.json(201, shown).with("Location", "/v1/groups/" + topic(http) + "/" + group(http))
                            : Answer.json(200, shown);
                });
    }

    private CompletableFuture<Answer> show(Request http) {
        return shown(groups.get(
                GetGroupRequest.newBuilder()
                        .setTopic(topic(http))
                        .setName(group(http))
                        .setConsistency(
                                http.query().only(List.of("consistency")).consistency())
                        .build(),
                timeout));
    }

    private CompletableFuture<Answer> update(Request http) {
        http.query().only(List.of());
        return shown(groups.update(
                GroupJson.update(Bodies.json(http))
                        .setTopic(topic(http))
                        .setName(group(http))
                        .build(),
                timeout));
    }

    private CompletableFuture<Answer> delete(Request http) {
        http.query().only(List.of());
        DeleteGroupRequest request = DeleteGroupRequest.newBuilder()
                .setTopic(topic(http))
                .setName(group(http))
                .build();
        return groups.delete(request, timeout).thenApply(answer -> Answer.empty(204));
    }

    private CompletableFuture<Answer> lease(Request http) {
        http.query().only(List.of());
        LeaseRequest request = LeaseJson.lease(Bodies.json(http))
                .setTopic(topic(http))
                .setGroup(group(http))
                .build();
        return groups.lease(request, timeout).thenApply(answer -> Answer.json(200, LeaseJson.leased(answer)));
    }

    private CompletableFuture<Answer> settle(Request http, Settlement.Action action) {
        http.query().only(List.of());
        return groups.settle(
                        LeaseJson.settle(Bodies.json(http), action)
                                .setTopic(topic(http))
                                .setGroup(group(http))
                                .build(),
                        timeout)
                .thenApply(answer -> Answer.json(200, LeaseJson.settled(answer)));
    }

    private CompletableFuture<Answer> extend(Request http) {
        http.query().only(List.of());
        return groups.extend(
                        LeaseJson.extend(Bodies.json(http))
                                .setTopic(topic(http))
                                .setGroup(group(http))
                                .build(),
                        timeout)
                .thenApply(answer -> Answer.json(200, LeaseJson.extended(answer)));
    }

    private CompletableFuture<Answer> pause(Request http, boolean paused) {
        http.query().only(List.of());
        return shown(groups.pause(
                PauseGroupRequest.newBuilder()
                        .setTopic(topic(http))
                        .setName(group(http))
                        .setPaused(paused)
                        .build(),
                timeout));
    }

    private CompletableFuture<Answer> seek(Request http) {
        http.query().only(List.of());
        return shown(groups.seek(
                GroupJson.seek(Bodies.json(http))
                        .setTopic(topic(http))
                        .setName(group(http))
                        .build(),
                timeout));
    }

    private CompletableFuture<Answer> parked(Request http) {
        Query query = http.query().only(List.of("from", "limit", "consistency"));
        ListParkedRequest request = ListParkedRequest.newBuilder()
                .setTopic(topic(http))
                .setName(group(http))
                .setFrom(query.number("from", 1, Long.MAX_VALUE).orElse(0))
                .setLimit((int) query.number("limit", 1, Limits.SETTLEMENTS_MAX).orElse(0))
                .setConsistency(query.consistency())
                .build();
        return groups.parked(request, timeout).thenApply(answer -> Answer.json(200, GroupJson.parked(answer)));
    }

    private CompletableFuture<Answer> changeParked(Request http, ChangeParkedRequest.Action action) {
        http.query().only(List.of());
        ChangeParkedRequest request = ChangeParkedRequest.newBuilder()
                .setTopic(topic(http))
                .setName(group(http))
                .setAction(action)
                .addAllPositions(GroupJson.positions(Bodies.json(http)))
                .build();
        return groups.changeParked(request, timeout)
                .thenApply(answer -> Answer.json(200, GroupJson.parkedChanged(answer)));
    }
}
