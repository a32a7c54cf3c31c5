package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.ClusterJson;
import io.eckermann.gateway.peers.ClusterCommands;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.DrainRequest;
import io.eckermann.protocol.v1.TransferLeadershipRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What operators have nodes do: hand leadership on, drain, come and go. */
final class MembersRoute {
    private static final String NODES = "/v1/cluster/nodes";
    private static final String NODE = "node";
    private static final String ADDRESS = "address";
    private static final String REPLACES = "replaces";
    private static final String FORCE = "force";

    private static final String SHARD = "shard";
    private static final int SHARD_MAX = 15;

    private final ClusterCommands commands;
    private final Duration timeout;

    MembersRoute(ClusterCommands commands, Duration timeout) {
        this.commands = commands;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("POST", "/v1/cluster/leader", this::transfer);
        router.on("POST", NODES + "/{node}/drain", http -> drain(http, false));
        router.on("DELETE", NODES + "/{node}/drain", http -> drain(http, true));
        router.on("POST", NODES, this::add);
        router.on("DELETE", NODES + "/{node}", this::remove);
    }

    private CompletableFuture<Answer> transfer(Request http) {
        Query query = http.query().only(List.of(NODE, SHARD));
        TransferLeadershipRequest.Builder request =
                TransferLeadershipRequest.newBuilder().setNode(query.text(NODE).orElse(""));
        query.text(SHARD).ifPresent(shard -> request.setShard((int) Query.number(SHARD, shard, 0, SHARD_MAX)));
        return commands.transfer(request.build(), timeout)
                .thenApply(answer -> Answer.json(200, ClusterJson.leader(answer.getLeader())));
    }

    private CompletableFuture<Answer> drain(Request http, boolean resume) {
        http.query().only(List.of());
        DrainRequest request = DrainRequest.newBuilder()
                .setNode(http.variables().get(0))
                .setResume(resume)
                .build();
        return commands.drain(request, timeout).thenApply(answer -> Answer.json(200, ClusterJson.drained(answer)));
    }

    private CompletableFuture<Answer> add(Request http) {
        Query query = http.query().only(List.of(ADDRESS, REPLACES, FORCE));
        return change(ChangeMembersRequest.newBuilder()
                .setAdd(query.text(ADDRESS).orElse(""))
                .setRemove(query.text(REPLACES).orElse(""))
                .setForce(query.text(FORCE).orElse("")));
    }

    private CompletableFuture<Answer> remove(Request http) {
        Query query = http.query().only(List.of(FORCE));
        return change(ChangeMembersRequest.newBuilder()
                .setRemove(http.variables().get(0))
                .setForce(query.text(FORCE).orElse("")));
    }

    private CompletableFuture<Answer> change(ChangeMembersRequest.Builder request) {
        return commands.change(request.build(), timeout)
                .thenApply(answer -> Answer.json(200, ClusterJson.members(answer)));
    }
}
