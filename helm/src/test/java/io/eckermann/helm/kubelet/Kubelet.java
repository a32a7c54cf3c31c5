package io.eckermann.helm.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.helm.Rendered;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs the pods of a StatefulSet as its controller and a kubelet do. Pods are changed by one thread at a time. */
final class Kubelet implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final long PROBE_MS = 250;

    private final Machine machine;
    private final Names names;
    private final Map<String, Pod> pods = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService probes = Executors.newSingleThreadScheduledExecutor();
    private Rendered rendered;
    /** Addresses are never used twice. */
    private int addresses = 10;

    private String lastTold = "";
    private volatile @Nullable Throwable failure;

    Kubelet(Machine machine, Rendered rendered) throws IOException, InterruptedException {
        this.machine = machine;
        this.rendered = rendered;
        machine.setUp();
        this.names = new Names(machine.directory(), machine.namespace());
        var unused = probes.scheduleWithFixedDelay(this::look, PROBE_MS, PROBE_MS, TimeUnit.MILLISECONDS);
    }

    /** Asks all pods once, and tells the names if that changed something. */
    private synchronized void look() {
        try {
            for (Pod pod : pods.values()) {
                if (!pod.isStopping()) {
                    pod.probe();
                }
            }
            tell();
        } catch (IOException | RuntimeException | AssertionError e) {
            failure = failure == null ? e : failure;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void tell() throws IOException, InterruptedException {
        StringBuilder now = new StringBuilder();
        pods.values().forEach(pod -> now.append(pod.ip()).append(pod.isReady()).append(pod.isStopping()));
        if (!lastTold.contentEquals(now)) {
            names.tell(rendered.all("Service"), pods.values());
            lastTold = now.toString();
        }
    }

    void check() {
        Throwable failed = failure;
        if (failed != null) {
            throw new AssertionError("A pod did not do as its probes ask", failed);
        }
    }

    Pod pod(int ordinal) {
        return Objects.requireNonNull(
                pods.get(PodPlan.ofOrdinal(rendered, ordinal).name()));
    }

    int replicas() {
        return rendered.replicas();
    }

    /** Starts the pod with this ordinal, under an address that no pod has had. */
    void start(int ordinal) throws IOException, InterruptedException {
        start(PodPlan.ofOrdinal(rendered, ordinal));
    }

    private Pod start(PodPlan plan) throws IOException, InterruptedException {
        int number = ++addresses;
        String ip = "10.244.0." + number;
        machine.network(plan.name(), ip, number);
        Pod pod = Pod.start(plan, ip, plan.name(), machine);
        pods.put(plan.name(), pod);
        tell();
        return pod;
    }

    void awaitReady(int ordinal) throws Exception {
        Pod pod = pod(ordinal);
        Await.until(pod.name() + " is ready", READY_WITHIN, () -> {
            check();
            return pod.isReady();
        });
    }

    /** Deletes a pod, of which the controller then makes another. */
    void replace(int ordinal) throws Exception {
        Pod pod = pod(ordinal);
        pod.stop();
        remove(pod);
        start(ordinal);
        awaitReady(ordinal);
    }

    /** Its process is killed in the middle of everything; the pod comes back under another address, with its volume. */
    void lose(int ordinal) throws Exception {
        Pod pod = pod(ordinal);
        pod.kill();
        remove(pod);
        start(ordinal);
        awaitReady(ordinal);
    }

    /** The machine with its volume is lost. */
    void loseForGood(int ordinal) throws IOException, InterruptedException {
        Pod pod = pod(ordinal);
        pod.kill();
        remove(pod);
        Shell.run("rm -rf " + machine.claim("data-" + pod.name()));
    }

    /** What pods are made of from now on; none of them runs. */
    void install(Rendered next) {
        rendered = next;
    }

    /** Has all pods see what their secrets hold now, as happens within a minute or two in Kubernetes. */
    synchronized void renewSecrets() throws IOException, InterruptedException {
        for (Pod pod : pods.values()) {
            pod.renewSecrets();
        }
    }

    private synchronized void remove(Pod pod) throws IOException, InterruptedException {
        pods.remove(pod.name());
        machine.removeNetwork(pod.name());
        tell();
    }

    /**
     * What {@code helm upgrade} does: hooks first; then pods come or go, and those whose template is another are replaced
     * one by one, the highest first. Returns how many were replaced.
     */
    int upgrade(Rendered next) throws Exception {
        int replicas = replicas();
        JsonNode before = rendered.podTemplate();
        for (int ordinal = next.replicas(); ordinal < replicas; ordinal++) {
            // Its process ends when it has left, and a kubelet would start it in vain until it is scaled away.
            pod(ordinal).expectEnd();
        }
        if (run(next.only("Job")) != 0) {
            throw new AssertionError("The hook before the upgrade fails");
        }
        for (int ordinal = replicas - 1; ordinal >= next.replicas(); ordinal--) {
            Pod pod = pod(ordinal);
            pod.awaitExit();
            remove(pod);
        }
        rendered = next;
        for (int ordinal = replicas; ordinal < replicas(); ordinal++) {
            start(ordinal);
        }
        for (int ordinal = replicas; ordinal < replicas(); ordinal++) {
            awaitReady(ordinal);
        }
        if (before.equals(next.podTemplate())) {
            return 0;
        }
        JsonNode spec = next.statefulSet().path("spec");
        int least = spec.path("updateStrategy")
                .path("rollingUpdate")
                .path("partition")
                .asInt();
        Duration steady = Duration.ofSeconds(spec.path("minReadySeconds").asInt());
        for (int ordinal = replicas() - 1; ordinal >= least; ordinal--) {
            replace(ordinal);
            Await.pass(steady);
            check();
        }
        return replicas() - least;
    }

    /** Runs a pod that ends, such as that of {@code helm test} or of a job; returns its exit code. */
    int run(JsonNode pod) throws IOException, InterruptedException {
        PodPlan plan = PodPlan.ofPod(rendered, pod);
        int number = ++addresses;
        String ip = "10.244.0." + number;
        machine.network(plan.name(), ip, number);
        int code = Pod.start(plan, ip, plan.name(), machine).awaitExit();
        machine.removeNetwork(plan.name());
        return code;
    }

    @Override
    public void close() {
        probes.shutdownNow();
        pods.values().forEach(Pod::kill);
        names.close();
    }
}
