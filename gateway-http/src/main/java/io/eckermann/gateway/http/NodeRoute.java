package io.eckermann.gateway.http;

import io.eckermann.gateway.cluster.ClusterHandler;
import io.eckermann.gateway.http.json.ClusterJson;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What concerns the node itself: the cluster as it sees it, its health, and a word of welcome. */
final class NodeRoute {
    private static final String WELCOME = """
            This is Eckermann, a replicated event store.

            PUT, GET, DELETE  /v1/topics/{topic}                     a topic; GET /v1/topics?prefix= lists them
            PATCH             /v1/topics/{topic}                     change its settings
            POST              /v1/topics/{topic}/truncate            remove its oldest events
            POST              /v1/topics/{topic}/events              append events
            POST              /v1/append                             append to several topics and commit cursors, all or none
            GET               /v1/topics/{topic}/events              read: JSON, NDJSON or server-sent events
            GET, DELETE       /v1/topics/{topic}/events/{position}   one event
            GET               /v1/topics/{topic}/head                the last position
            GET               /v1/topics/{topic}/timeline            how its events lie in time
            PUT, GET, DELETE  /v1/topics/{topic}/schemas/{type}      what payloads look like; POST …/check tries one
            PUT, GET, DELETE  /v1/cursors/{consumer}/{topic}         a consumer's position; GET /v1/cursors lists them
            POST              /v1/cursors/{consumer}/{topic}/reset   put it somewhere, forward or back
            PUT, GET, DELETE  /v1/groups/{topic}/{group}             a shared cursor; POST …/lease, …/ack, …/nack and others
            PUT, GET, DELETE  /v1/webhooks/{topic}/{webhook}         have events sent somewhere; PATCH, POST …/pause, …/resume
            GET               /v1/cluster                            the nodes, and who leads
            GET               /v1/cluster/storage                    what is on the nodes' disks
            POST              /v1/cluster/scavenge                   give back what dead events take there
            POST              /v1/cluster/leader                     hand leadership on
            POST, DELETE      /v1/cluster/nodes/{node}/drain         prepare a node for being stopped, or take that back
            POST              /v1/cluster/nodes                      add a node, or replace one; DELETE …/{node} removes it
            GET, POST         /v1/access/keys                        keys; DELETE …/{key} revokes one
            GET, PUT          /v1/access/rules/{subject}             who may do what; PUT /v1/access/quotas/{subject}
            GET               /v1/access/me                          whom your credentials make you
            GET               /metrics                               numbers for Prometheus
            GET               /healthz/live, /healthz/ready, /healthz/startup

            Try: curl -d '{"type":"Said","data":{"word":"more light"}}' -H 'Content-Type: application/json' \\
                 http://this-node/v1/topics/quotes/events
            """;

    private final ClusterHandler cluster;
    private final UseCases useCases;
    private final Duration timeout;

    NodeRoute(UseCases useCases, Duration timeout) {
        this.cluster = useCases.cluster();
        this.useCases = useCases;
        this.timeout = timeout;
    }

    void register(Router router) {
        router.on("GET", "/", http -> text(http, WELCOME));
        router.on("GET", "/v1/cluster", this::cluster);
        router.on("GET", "/v1/cluster/storage", this::storage);
        router.on("POST", "/v1/cluster/scavenge", this::scavenge);
        new MembersRoute(cluster.commands(), timeout).register(router);
        router.on("GET", "/healthz/live", http -> text(http, "live\n"));
        router.on("GET", "/healthz/ready", http -> health(http, "ready\n", cluster.notReadyReason()));
        router.on("GET", "/healthz/startup", http -> health(http, "started\n", cluster.notStartedReason()));
    }

    private CompletableFuture<Answer> cluster(Request http) {
        http.query().only(List.of());
        return CompletableFuture.completedFuture(Answer.json(200, ClusterJson.cluster(cluster.view())));
    }

    private CompletableFuture<Answer> storage(Request http) {
        http.query().only(List.of());
        return CompletableFuture.completedFuture(Answer.json(200, ClusterJson.storage(cluster.view())));
    }

    private CompletableFuture<Answer> scavenge(Request http) {
        http.query().only(List.of());
        return useCases.scavenge(ClusterJson.scavenge(Bodies.json(http)), timeout)
                .thenApply(answer -> Answer.json(200, ClusterJson.scavenged(answer)));
    }

    private static CompletableFuture<Answer> health(Request http, String well, Optional<String> problem) {
        if (problem.isPresent()) {
            throw new StoreException(ErrorCode.NOT_READY, problem.get());
        }
        return text(http, well);
    }

    private static CompletableFuture<Answer> text(Request http, String text) {
        http.query().only(List.of());
        return CompletableFuture.completedFuture(Answer.of(200, Answer.TEXT, text.getBytes(StandardCharsets.UTF_8)));
    }
}
