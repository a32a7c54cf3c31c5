package io.eckermann.gateway.http;

import io.eckermann.gateway.access.Demand;
import io.eckermann.gateway.access.Demands;
import io.eckermann.gateway.access.Need;
import io.eckermann.gateway.http.json.AppendManyJson;
import io.eckermann.protocol.v1.Verb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each route of the HTTP door demands of its caller: the one table. A route that is not in it lets nobody in, and a test
 * finds it. Filled when it is made, then only read.
 */
final class HttpDemands {
    /** What one request demands. */
    @FunctionalInterface
    interface OfRequest {
        Demand of(Request request);
    }

    /** Everybody may, without a word about who it is. */
    static final OfRequest OPEN = request -> Demand.OPEN;

    private static final OfRequest KNOWN = request -> Demand.KNOWN;
    private static final OfRequest CLUSTER = request -> Demand.CLUSTER;
    private static final String TOPIC = "/v1/topics/{topic}";
    private static final String SCHEMA = TOPIC + "/schemas/{type}";
    private static final String CURSOR = "/v1/cursors/{consumer}/{topic}";
    private static final String GROUP = "/v1/groups/{topic}/{group}";
    private static final String WEBHOOK = "/v1/webhooks/{topic}/{webhook}";

    private final Map<String, OfRequest> table = new HashMap<>();

    /** @param dcbTopic what the routes of the public suite are about; empty: there are none */
    HttpDemands(String dcbTopic) {
        node();
        topics();
        consumers();
        on(request -> webhooks(request), "GET /v1/webhooks");
        on(in(Verb.ADMIN), "GET " + WEBHOOK, "PUT " + WEBHOOK, "PATCH " + WEBHOOK, "DELETE " + WEBHOOK);
        on(in(Verb.ADMIN), "POST " + WEBHOOK + "/pause", "POST " + WEBHOOK + "/resume", "GET " + WEBHOOK + "/parked");
        on(in(Verb.ADMIN), "POST " + WEBHOOK + "/parked/replay", "POST " + WEBHOOK + "/parked/drop");
        if (!dcbTopic.isEmpty()) {
            on(request -> Demand.in(dcbTopic, Verb.READ), "GET /read");
            on(request -> Demand.in(dcbTopic, Verb.APPEND), "POST /append");
        }
    }

    /** Whether the label is that of no route: another method of a path there is. */
    static boolean isNoRoute(String label) {
        return label.startsWith("/");
    }

    /** What requests to the route demand; null when nobody may call it. */
    @Nullable
    OfRequest of(String route) {
        return table.get(route);
    }

    Set<String> routes() {
        return table.keySet();
    }

    private void node() {
        on(OPEN, "GET /", "GET /healthz/live", "GET /healthz/ready", "GET /healthz/startup");
        on(request -> Demand.of(Need.inAll("", Verb.READ)), "GET /metrics");
        on(KNOWN, "GET /v1/cluster", "GET /v1/cluster/storage", "GET /v1/access/me");
        on(CLUSTER, "POST /v1/cluster/scavenge", "POST /v1/cluster/leader", "POST /v1/cluster/nodes");
        on(CLUSTER, "POST /v1/cluster/nodes/{node}/drain", "DELETE /v1/cluster/nodes/{node}/drain");
        on(CLUSTER, "DELETE /v1/cluster/nodes/{node}");
        on(CLUSTER, "GET /v1/access/keys", "POST /v1/access/keys", "DELETE /v1/access/keys/{key}");
        on(CLUSTER, "GET /v1/access/rules", "GET /v1/access/rules/{subject}", "PUT /v1/access/rules/{subject}");
        on(CLUSTER, "DELETE /v1/access/rules/{subject}", "PUT /v1/access/quotas/{subject}");
    }

    private void topics() {
        on(request -> Demand.of(Need.inAll(request.query().text("prefix").orElse(""), Verb.READ)), "GET /v1/topics");
        on(in(Verb.READ), "GET " + TOPIC, "GET " + TOPIC + "/head", "GET " + TOPIC + "/timeline");
        on(in(Verb.READ), "GET " + TOPIC + "/events", "GET " + TOPIC + "/events/{position}");
        on(in(Verb.READ), "GET " + TOPIC + "/keys/{key}", "GET " + TOPIC + "/explain");
        on(in(Verb.APPEND), "POST " + TOPIC + "/events");
        on(request -> Demands.many(AppendManyJson.request(Bodies.json(request)).build()), "POST /v1/append");
        on(in(Verb.ADMIN), "PUT " + TOPIC, "PATCH " + TOPIC, "DELETE " + TOPIC, "POST " + TOPIC + "/truncate");
        on(in(Verb.ADMIN), "DELETE " + TOPIC + "/events/{position}");
        on(in(Verb.READ), "GET " + TOPIC + "/schemas", "GET " + SCHEMA, "GET " + SCHEMA + "/versions");
        on(in(Verb.READ), "GET " + SCHEMA + "/versions/{version}");
        on(in(Verb.READ), "POST " + SCHEMA + "/check", "POST " + SCHEMA + "/versions/{version}/check");
        on(in(Verb.ADMIN), "PUT " + SCHEMA, "DELETE " + SCHEMA, "DELETE " + SCHEMA + "/versions/{version}");
    }

    private void consumers() {
        on(
                request -> Demand.of(Need.cursor(
                        request.query().text("topic").orElse(""),
                        request.query().text("consumer").orElse(""))),
                "GET /v1/cursors");
        OfRequest cursor = request -> Demand.of(
                Demands.cursor(request.variables().get(1), request.variables().get(0)));
        on(cursor, "GET " + CURSOR, "PUT " + CURSOR, "DELETE " + CURSOR, "POST " + CURSOR + "/reset");
        on(request -> Demand.of(Need.cursor(request.query().text("topic").orElse(""), "")), "GET /v1/groups");
        OfRequest group = request -> Demand.of(
                Demands.cursor(request.variables().get(0), request.variables().get(1)));
        on(group, "GET " + GROUP, "PUT " + GROUP, "PATCH " + GROUP, "DELETE " + GROUP);
        for (String act : List.of("ack", "nack", "park", "release", "extend", "pause", "resume", "seek")) {
            on(group, "POST " + GROUP + "/" + act);
        }
        on(group, "POST " + GROUP + "/parked/replay", "POST " + GROUP + "/parked/drop");
        // These show events.
        OfRequest events = request -> Demands.consuming(
                request.variables().get(0), request.variables().get(1));
        on(events, "POST " + GROUP + "/lease", "GET " + GROUP + "/parked");
    }

    private static Demand webhooks(Request request) {
        return request.query()
                .text("topic")
                .map(topic -> Demand.in(topic, Verb.ADMIN))
                .orElse(Demand.CLUSTER);
    }

    /** In the topic that the path names first. */
    private static OfRequest in(Verb verb) {
        return request -> Demand.in(request.variables().get(0), verb);
    }

    private void on(OfRequest demand, String... routes) {
        for (String route : routes) {
            table.put(route, demand);
        }
    }
}
