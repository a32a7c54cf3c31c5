package io.eckermann.helm.kubelet;

import static io.eckermann.helm.Rendered.list;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.helm.Rendered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Kubernetes makes of a rendered pod: the values of its variables, its command, its files. Immutable. */
public final class PodPlan {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\((\\w+)\\)");

    private final Rendered rendered;
    private final String name;
    private final JsonNode spec;
    private final JsonNode container;

    /**
     * What appears at a path.
     *
     * @param files by name, for a ConfigMap; empty otherwise
     * @param secret that is shown there, empty for none
     * @param items which files of the secret; empty for all
     * @param claim the volume that is kept, empty for one that ends with the pod
     */
    record Mount(
            String path, boolean readOnly, Map<String, String> files, String secret, List<String> items, String claim) {
        static Mount of(String path, boolean readOnly) {
            return new Mount(path, readOnly, Map.of(), "", List.of(), "");
        }

        Mount withFiles(Map<String, String> some) {
            return new Mount(path, readOnly, some, secret, items, claim);
        }

        Mount withSecret(String name, List<String> some) {
            return new Mount(path, readOnly, files, name, some, claim);
        }

        Mount withClaim(String name) {
            return new Mount(path, readOnly, files, secret, items, name);
        }
    }

    private PodPlan(Rendered rendered, String name, JsonNode spec) {
        this.rendered = rendered;
        this.name = name;
        this.spec = spec;
        this.container = spec.path("containers").path(0);
    }

    /** A pod of the StatefulSet. */
    public static PodPlan ofOrdinal(Rendered rendered, int ordinal) {
        return new PodPlan(
                rendered,
                Rendered.name(rendered.statefulSet()) + "-" + ordinal,
                rendered.podTemplate().path("spec"));
    }

    /** A pod that is rendered as such, or the one of a job, also of one that comes again and again. */
    static PodPlan ofPod(Rendered rendered, JsonNode object) {
        JsonNode pod = switch (object.path("kind").asText()) {
            case "Job" -> object.at("/spec/template");
            case "CronJob" -> object.at("/spec/jobTemplate/spec/template");
            default -> object;
        };
        return new PodPlan(rendered, Rendered.name(object), pod.path("spec"));
    }

    String name() {
        return name;
    }

    JsonNode container() {
        return container;
    }

    JsonNode securityContext() {
        return spec.path("securityContext");
    }

    int gracePeriodS() {
        return spec.path("terminationGracePeriodSeconds").asInt(30);
    }

    /** Those that run to their end before the container starts. */
    List<JsonNode> before() {
        return list(spec.path("initContainers"));
    }

    /** All variables of the pod's container but those of its image. */
    public Map<String, String> environment(String ip, String namespace) {
        return environment(container, ip, namespace);
    }

    /** All variables of one of its containers. */
    Map<String, String> environment(JsonNode of, String ip, String namespace) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOSTNAME", name);
        if (spec.path("enableServiceLinks").asBoolean(true)) {
            environment.putAll(serviceLinks());
        }
        for (JsonNode variable : list(of.path("env"))) {
            environment.put(variable.path("name").asText(), value(variable, environment, ip, namespace));
        }
        return environment;
    }

    private Map<String, String> serviceLinks() {
        Map<String, String> links = new TreeMap<>();
        for (JsonNode service : rendered.all("Service")) {
            if (!service.path("spec").path("clusterIP").asText().equals("None")) {
                String prefix = Rendered.name(service).toUpperCase(Locale.ROOT).replace('-', '_');
                links.put(prefix + "_SERVICE_HOST", "10.96.0.10");
                links.put(prefix + "_PORT", "tcp://10.96.0.10:7301");
            }
        }
        return links;
    }

    private String value(JsonNode variable, Map<String, String> environment, String ip, String namespace) {
        JsonNode from = variable.path("valueFrom");
        if (from.isMissingNode()) {
            return expanded(variable.path("value").asText(), environment);
        }
        JsonNode key = from.path("configMapKeyRef");
        if (!key.isMissingNode()) {
            return Objects.requireNonNull(
                    files(key.path("name").asText()).get(key.path("key").asText()));
        }
        String field = from.path("fieldRef").path("fieldPath").asText();
        String value = Map.of("metadata.name", name, "metadata.namespace", namespace, "status.podIP", ip)
                .get(field);
        if (value == null) {
            throw new AssertionError("The kubelet of these tests knows no field " + field);
        }
        return value;
    }

    /** Program and arguments. */
    static List<String> command(JsonNode of, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        for (String part : List.of("command", "args")) {
            list(of.path(part)).forEach(word -> command.add(expanded(word.asText(), environment)));
        }
        return command;
    }

    private static String expanded(String text, Map<String, String> environment) {
        return VARIABLE.matcher(text)
                .replaceAll(use -> Matcher.quoteReplacement(environment.getOrDefault(use.group(1), use.group())));
    }

    private Map<String, String> files(String configMap) {
        Map<String, String> files = new TreeMap<>();
        rendered.named("ConfigMap", configMap)
                .path("data")
                .properties()
                .forEach(file -> files.put(file.getKey(), file.getValue().asText()));
        return files;
    }

    /** Of all its containers, which share one root here. */
    List<Mount> mounts() {
        return Stream.concat(Stream.of(container), before().stream())
                .flatMap(each -> list(each.path("volumeMounts")).stream())
                .distinct()
                .map(this::mount)
                .toList();
    }

    private Mount mount(JsonNode mount) {
        Mount at = Mount.of(
                mount.path("mountPath").asText(), mount.path("readOnly").asBoolean());
        String volume = mount.path("name").asText();
        for (JsonNode each : list(spec.path("volumes"))) {
            if (each.path("name").asText().equals(volume)) {
                return of(each, at);
            }
        }
        for (JsonNode claim : list(rendered.statefulSet().path("spec").path("volumeClaimTemplates"))) {
            if (Rendered.name(claim).equals(volume)) {
                return at.withClaim(volume + "-" + name);
            }
        }
        throw new AssertionError("No volume for the mount " + volume);
    }

    private Mount of(JsonNode volume, Mount at) {
        JsonNode map = volume.path("configMap").path("name");
        if (!map.isMissingNode()) {
            return at.withFiles(files(map.asText()));
        }
        JsonNode claim = volume.path("persistentVolumeClaim").path("claimName");
        if (!claim.isMissingNode()) {
            return at.withClaim(claim.asText());
        }
        JsonNode secret = volume.path("secret");
        List<String> items = list(secret.path("items")).stream()
                .map(item -> item.path("key").asText())
                .toList();
        return at.withSecret(secret.path("secretName").asText(), items);
    }
}
