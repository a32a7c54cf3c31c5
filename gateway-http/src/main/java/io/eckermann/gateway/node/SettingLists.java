package io.eckermann.gateway.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.eckermann.gateway.peers.HostPort;
import io.eckermann.gateway.peers.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Settings that are lists, written as YAML. */
final class SettingLists {
    private static final Pattern ORIGIN = Pattern.compile("\\*|[a-z][a-z0-9+.-]*://[^/?#\\sA-Z]+");
    private static final Set<String> NODE_FIELDS = new TreeSet<>(List.of("id", "raft", "grpc", "http"));
    /** Pods of one set come up within this. */
    private static final Duration DNS_PATIENCE = Duration.ofMinutes(2);

    private static final YAMLMapper YAML = new YAMLMapper();

    private SettingLists() {}

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is not YAML: " + e.getOriginalMessage(), e);
        }
    }

    static List<String> origins(String text) {
        JsonNode list = yaml(text);
        List<String> origins = new ArrayList<>();
        if (!list.isArray()) {
            throw new IllegalArgumentException("it is not a list, like [https://app.example.org]");
        }
        list.forEach(origin -> origins.add(origin.asText()));
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException("'" + origin
                        + "' is not an origin like https://app.example.org:8443, in lower case and without a path");
            }
        }
        return List.copyOf(origins);
    }

    static List<Peer> nodes(String text) {
        if (SrvNodes.isMeant(text)) {
            return SrvNodes.of(text).await(DNS_PATIENCE);
        }
        JsonNode list = yaml(text);
        if (!list.isArray() || list.isEmpty()) {
            throw new IllegalArgumentException("it is not a list of {id, raft, grpc, http} with at least one node");
        }
        List<Peer> nodes = new ArrayList<>();
        list.forEach(node -> nodes.add(node(node)));
        return List.copyOf(nodes);
    }

    private static Peer node(JsonNode node) {
        Set<String> fields = new TreeSet<>();
        node.fieldNames().forEachRemaining(fields::add);
        if (!fields.equals(NODE_FIELDS)) {
            throw new IllegalArgumentException("a node has exactly the fields id, raft, grpc, http, not " + fields);
        }
        return new Peer(
                Settings.id(node.path("id").asText()),
                HostPort.parse(node.path("raft").asText()),
                HostPort.parse(node.path("grpc").asText()),
                HostPort.parse(node.path("http").asText()));
    }
}
