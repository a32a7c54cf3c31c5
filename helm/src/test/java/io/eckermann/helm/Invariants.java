package io.eckermann.helm;

import static io.eckermann.helm.Rendered.list;
import static io.eckermann.helm.Rendered.name;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must hold between the objects; the API server would take them without. */
final class Invariants {
    /** Of a label; the StatefulSet's name gets a hash of ten characters and a dash behind it in one. */
    private static final int NAME_MAX = 63 - 11;

    private static final Pattern VARIABLE = Pattern.compile("\\$\\((\\w+)\\)");

    private final Rendered rendered;
    private final List<String> problems = new ArrayList<>();

    private Invariants(Rendered rendered) {
        this.rendered = rendered;
    }

    /** What does not hold, in words. */
    static List<String> problems(Rendered rendered) {
        Invariants invariants = new Invariants(rendered);
        invariants.mounts();
        invariants.references();
        invariants.probes();
        invariants.services();
        invariants.selectors();
        invariants.nothingThatChangesInWhatCantBeChanged();
        invariants.ports(rendered.objects());
        invariants.security(rendered.podTemplate().path("spec"));
        rendered.all("Pod").forEach(pod -> invariants.security(pod.path("spec")));
        rendered.all("Job").forEach(job -> invariants.security(job.at("/spec/template/spec")));
        rendered.all("CronJob").forEach(job -> invariants.security(job.at("/spec/jobTemplate/spec/template/spec")));
        invariants.stopping();
        invariants.nodes();
        invariants.rights();
        return invariants.problems;
    }

    @SuppressWarnings("AnnotateFormatMethod") // all formats are in this class
    private void check(boolean holds, String problem, Object... facts) {
        if (!holds) {
            problems.add(problem.formatted(facts));
        }
    }

    private JsonNode pod() {
        return rendered.podTemplate().path("spec");
    }

    private void mounts() {
        List<String> volumes = new ArrayList<>();
        list(pod().path("volumes"))
                .forEach(volume -> volumes.add(volume.path("name").asText()));
        claims().forEach(claim -> volumes.add(name(claim)));
        for (JsonNode mounts : pod().findValues("volumeMounts")) {
            for (JsonNode mount : list(mounts)) {
                check(volumes.contains(mount.path("name").asText()), "no volume for the mount %s", mount.path("name"));
            }
        }
    }

    private List<JsonNode> claims() {
        return list(rendered.statefulSet().path("spec").path("volumeClaimTemplates"));
    }

    private void references() {
        List<String> maps =
                rendered.all("ConfigMap").stream().map(Rendered::name).toList();
        for (JsonNode reference : pod().findValues("configMap")) {
            check(maps.contains(reference.path("name").asText()), "no ConfigMap %s", reference.path("name"));
        }
        for (JsonNode reference : pod().findValues("configMapKeyRef")) {
            String map = reference.path("name").asText();
            check(
                    maps.contains(map)
                            && rendered.named("ConfigMap", map)
                                    .path("data")
                                    .has(reference.path("key").asText()),
                    "no key %s",
                    reference);
        }
        List<String> defined = new ArrayList<>();
        for (JsonNode variable : list(rendered.container().path("env"))) {
            String value = variable.path("value").asText();
            VARIABLE.matcher(value)
                    .results()
                    .forEach(used -> check(defined.contains(used.group(1)), "%s comes too late", used.group(1)));
            defined.add(variable.path("name").asText());
        }
    }

    private List<String> portNames() {
        return list(rendered.container().path("ports")).stream()
                .map(port -> port.path("name").asText())
                .toList();
    }

    private void probes() {
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = rendered.container().path(probe).path("httpGet");
            check(portNames().contains(get.path("port").asText()), "%s asks no port of the container", probe);
            check(
                    get.path("path").asText().equals("/healthz/ready") == probe.equals("readinessProbe"),
                    "%s must not ask %s: only readiness may depend on the other nodes",
                    probe,
                    get.path("path"));
        }
    }

    private boolean selectsNodes(JsonNode labels) {
        JsonNode own = rendered.podTemplate().path("metadata").path("labels");
        boolean selects = !labels.isEmpty();
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            selects &= label.getValue().equals(own.path(label.getKey()));
        }
        return selects;
    }

    private void services() {
        for (JsonNode service : rendered.all("Service")) {
            JsonNode spec = service.path("spec");
            check(selectsNodes(spec.path("selector")), "the service %s selects no nodes", name(service));
            list(spec.path("ports"))
                    .forEach(port -> check(
                            portNames().contains(port.path("targetPort").asText()),
                            "the service %s leads to no port: %s",
                            name(service),
                            port.path("targetPort")));
        }
        String own = rendered.statefulSet().path("spec").path("serviceName").asText();
        JsonNode headless = rendered.named("Service", own).path("spec");
        check(headless.path("clusterIP").asText().equals("None"), "the pods' service is not headless");
        check(
                headless.path("publishNotReadyAddresses").asBoolean(),
                "nodes that are not ready have no names, so they never find each other");
    }

    private void selectors() {
        JsonNode spec = rendered.statefulSet().path("spec");
        check(selectsNodes(spec.path("selector").path("matchLabels")), "the StatefulSet does not select its pods");
        rendered.all("PodDisruptionBudget")
                .forEach(budget -> check(
                        selectsNodes(budget.path("spec").path("selector").path("matchLabels")),
                        "the disruption budget selects no nodes"));
        for (JsonNode policy : rendered.all("NetworkPolicy")) {
            check(
                    selectsNodes(policy.path("spec").path("podSelector").path("matchLabels")),
                    "the network policy selects no nodes");
        }
        List<JsonNode> others = new ArrayList<>(rendered.all("Pod"));
        rendered.all("Job").forEach(job -> others.add(job.at("/spec/template")));
        rendered.all("CronJob").forEach(job -> others.add(job.at("/spec/jobTemplate/spec/template")));
        for (JsonNode other : others) {
            JsonNode labels = other.path("metadata").path("labels");
            boolean looksLikeNode = true;
            for (Map.Entry<String, JsonNode> label :
                    spec.path("selector").path("matchLabels").properties()) {
                looksLikeNode &= label.getValue().equals(labels.path(label.getKey()));
            }
            check(!looksLikeNode, "the services would send requests to the pod %s", name(other));
        }
    }

    private void nothingThatChangesInWhatCantBeChanged() {
        List<JsonNode> labels = new ArrayList<>();
        labels.add(rendered.statefulSet().path("spec").path("selector").path("matchLabels"));
        claims().forEach(claim -> labels.add(claim.path("metadata").path("labels")));
        for (JsonNode each : labels) {
            check(
                    !each.has("app.kubernetes.io/version") && !each.has("helm.sh/chart"),
                    "a label with a version would make upgrades impossible: %s",
                    each);
        }
        String name = name(rendered.statefulSet());
        check(name.length() <= NAME_MAX, "the name %s is too long for its pods' labels", name);
    }

    /** Server-side apply of Helm 4 can't merge ports without it. */
    private void ports(List<JsonNode> objects) {
        for (JsonNode object : objects) {
            if (object.path("kind").asText().equals("ServiceMonitor")) {
                continue;
            }
            for (JsonNode ports : object.findValues("ports")) {
                list(ports).forEach(port -> check(port.has("protocol"), "a port without protocol: %s", port));
            }
        }
    }

    private void security(JsonNode pod) {
        JsonNode context = pod.path("securityContext");
        check(context.path("runAsNonRoot").asBoolean(), "a pod may run as root");
        check(
                context.path("seccompProfile").path("type").asText().equals("RuntimeDefault"),
                "a pod has all of the kernel's calls");
        check(!pod.path("automountServiceAccountToken").asBoolean(true), "a pod gets a token");
        check(!pod.path("enableServiceLinks").asBoolean(true), "services become variables of the node");
        List<JsonNode> containers = new ArrayList<>(list(pod.path("containers")));
        containers.addAll(list(pod.path("initContainers")));
        for (JsonNode container : containers) {
            JsonNode own = container.path("securityContext");
            check(own.path("readOnlyRootFilesystem").asBoolean(), "a container may write to its root");
            check(!own.path("allowPrivilegeEscalation").asBoolean(true), "a container may get more rights");
            check(own.path("capabilities").path("drop").path(0).asText().equals("ALL"), "a container has capabilities");
            check(!container.path("image").asText().matches(".*(:latest|[^@]:)$"), "an image without a version");
            check(container.path("resources").path("limits").has("memory"), "a container without a limit");
        }
    }

    private void stopping() {
        String last = rendered.container()
                .at("/lifecycle/preStop/exec/command")
                .path(3)
                .asText();
        Matcher linger = Pattern.compile("--linger=(\\d+)s").matcher(last);
        int grace = pod().path("terminationGracePeriodSeconds").asInt();
        check(
                linger.matches() && grace > Integer.parseInt(linger.group(1)) + 30,
                "pods are killed before they have drained");
    }

    private void nodes() {
        String name = name(rendered.statefulSet());
        int replicas = rendered.statefulSet().path("spec").path("replicas").asInt();
        String nodes = rendered.named("ConfigMap", name + "-members")
                .path("data")
                .path("nodes")
                .asText();
        TreeSet<String> hosts = new TreeSet<>();
        Pattern.compile("raft: '([^:]+):7201'").matcher(nodes).results().forEach(host -> hosts.add(host.group(1)));
        check(hosts.size() == replicas, "%d nodes for %d pods", hosts.size(), replicas);
        String service = rendered.statefulSet().path("spec").path("serviceName").asText();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String start = name + "-" + ordinal + "." + service + "." + Chart.NAMESPACE + ".svc.";
            check(hosts.stream().anyMatch(host -> host.startsWith(start)), "no node %s", start);
        }
    }

    private void rights() {
        for (String kind : List.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")) {
            check(rendered.all(kind).isEmpty(), "the chart gives rights: %s", kind);
        }
    }
}
