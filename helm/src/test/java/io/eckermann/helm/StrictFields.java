package io.eckermann.helm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads objects into the classes of the API, where every field must be known and of its type. */
final class StrictFields {
    private static final Map<String, Class<?>> KINDS = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Pod", Pod.class,
            "v1 Service", Service.class,
            "v1 ServiceAccount", ServiceAccount.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "batch/v1 Job", Job.class,
            "batch/v1 CronJob", CronJob.class);

    /** Of operators that have no classes here: the fields that the chart may use of their APIs. */
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "monitoring.coreos.com/v1 ServiceMonitor",
            Set.of(
                    "selector",
                    "matchLabels",
                    "namespaceSelector",
                    "matchNames",
                    "endpoints",
                    "port",
                    "path",
                    "interval",
                    "scheme",
                    "tlsConfig",
                    "serverName",
                    "ca",
                    "secret",
                    "name",
                    "key",
                    "authorization",
                    "type",
                    "credentials"),
            "cert-manager.io/v1 Certificate",
            Set.of(
                    "secretName",
                    "duration",
                    "renewBefore",
                    "dnsNames",
                    "usages",
                    "privateKey",
                    "algorithm",
                    "size",
                    "encoding",
                    "rotationPolicy",
                    "issuerRef",
                    "name",
                    "kind",
                    "group"),
            "monitoring.coreos.com/v1 PrometheusRule",
            Set.of("groups", "name", "rules", "alert", "expr", "for", "labels", "annotations"));

    /** What has fields of anybody's choice. */
    private static final Set<String> FREE = Set.of("labels", "annotations", "matchLabels");

    /** The model's classes take what they don't know into a map; without that map it is an error. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private StrictFields() {}

    /** What the API would not know, or not take, in words. */
    static List<String> problems(Rendered rendered) {
        return rendered.objects().stream().flatMap(StrictFields::problem).toList();
    }

    private static Stream<String> problem(JsonNode object) {
        String kind =
                object.path("apiVersion").asText() + " " + object.path("kind").asText();
        Class<?> type = KINDS.get(kind);
        if (type == null) {
            return FIELDS.containsKey(kind)
                    ? unknown(object.path("spec"), Objects.requireNonNull(FIELDS.get(kind)))
                    : Stream.of("unknown kind " + kind);
        }
        try {
            JsonNode again = STRICT.valueToTree(STRICT.treeToValue(object, type));
            return coerced(object, again, kind).stream();
        } catch (JsonProcessingException e) {
            return Stream.of(kind + ": " + e.getOriginalMessage());
        }
    }

    private static Stream<String> unknown(JsonNode node, Set<String> known) {
        Stream<String> here = node.properties().stream()
                .map(Map.Entry::getKey)
                .filter(field -> !known.contains(field))
                .map(field -> "unknown field " + field);
        Stream<JsonNode> below = node.isArray()
                ? Rendered.list(node).stream()
                : node.properties().stream()
                        .filter(field -> !FREE.contains(field.getKey()))
                        .map(Map.Entry::getValue);
        return Stream.concat(here, below.flatMap(child -> unknown(child, known)));
    }

    /** Numbers in quotes are read without a word, but are written back as numbers. */
    private static Optional<String> coerced(JsonNode before, JsonNode after, String path) {
        if (before.isObject()) {
            return before.properties().stream()
                    .flatMap(field ->
                            coerced(field.getValue(), after.path(field.getKey()), path + "." + field.getKey()).stream())
                    .findFirst();
        }
        if (before.isArray()) {
            for (int i = 0; i < before.size(); i++) {
                Optional<String> problem = coerced(before.path(i), after.path(i), path + "[" + i + "]");
                if (problem.isPresent()) {
                    return problem;
                }
            }
            return Optional.empty();
        }
        // A quantity may be a number.
        boolean same = Objects.equals(before.getNodeType(), after.getNodeType())
                || after.isMissingNode()
                || path.contains(".resources.");
        return same ? Optional.empty() : Optional.of(path + " should be written " + after);
    }
}
