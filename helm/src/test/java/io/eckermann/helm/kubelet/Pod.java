package io.eckermann.helm.kubelet;

import static io.eckermann.helm.Rendered.list;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A pod that runs: one process, in namespaces of its own, on a root that it can't write to. */
final class Pod {
    private final PodPlan plan;
    private final String ip;
    private final StartScript start;
    private final Process process;
    private volatile boolean started;
    private volatile boolean ready;
    private volatile boolean stopping;
    private volatile boolean leaving;
    private int failuresInARow;

    private Pod(PodPlan plan, String ip, StartScript start, Process process) {
        this.plan = plan;
        this.ip = ip;
        this.start = start;
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param network the name of its network namespace, which is there
     * @param machine where volumes, the distribution and the names of the cluster are
     */
    static Pod start(PodPlan plan, String ip, String network, Machine machine)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(machine.directory(), plan.name());
        StartScript start = new StartScript(plan, machine, directory, ip);
        Path script = directory.resolve("start.sh");
        Files.writeString(script, start.text());
        Process process = new ProcessBuilder(
                        "nsenter",
                        "--net=/run/netns/" + network,
                        "unshare",
                        "--mount",
                        "--uts",
                        "sh",
                        "-e",
                        script.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        machine.log(plan.name()).toFile()))
                .start();
        return new Pod(plan, ip, start, process);
    }

    String name() {
        return plan.name();
    }

    PodPlan plan() {
        return plan;
    }

    String ip() {
        return ip;
    }

    boolean isStarted() {
        return started;
    }

    boolean isReady() {
        return ready;
    }

    boolean isStopping() {
        return stopping;
    }

    /** From now on its process may end by itself. */
    void expectEnd() {
        leaving = true;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Looks once as the probes say; throws where a kubelet would start the container again. */
    void probe() {
        if (!process.isAlive()) {
            if (!stopping && !leaving) {
                throw new AssertionError(name() + " has ended with " + process.exitValue());
            }
            ready = false;
            return;
        }
        if (!started) {
            started = succeeds("startupProbe");
            return;
        }
        failuresInARow = succeeds("livenessProbe") ? 0 : failuresInARow + 1;
        int allowed =
                plan.container().path("livenessProbe").path("failureThreshold").asInt(3);
        if (failuresInARow >= allowed) {
            throw new AssertionError(name() + " is started again, because it does not say that it is alive");
        }
        ready = succeeds("readinessProbe");
    }

    private boolean succeeds(String probe) {
        JsonNode get = plan.container().path(probe).path("httpGet");
        String port = list(plan.container().path("ports")).stream()
                .filter(each -> each.path("name").equals(get.path("port")))
                .map(each -> each.path("containerPort").asText())
                .findFirst()
                .orElseThrow();
        int timeoutMs =
                1_000 * plan.container().path(probe).path("timeoutSeconds").asInt(1);
        try {
            HttpURLConnection connection =
                    Doors.http(get.path("scheme").asText("HTTP").toLowerCase(Locale.ROOT) + "://" + ip + ":" + port
                            + get.path("path").asText());
            connection.setConnectTimeout(timeoutMs);
            connection.setReadTimeout(timeoutMs);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status >= 200 && status < 400;
        } catch (IOException e) {
            return false;
        }
    }

    /** As a pod is deleted: preStop, the signal, and only then the end of the grace period. */
    void stop() throws IOException, InterruptedException {
        stopping = true;
        long startNs = System.nanoTime();
        JsonNode preStop =
                plan.container().path("lifecycle").path("preStop").path("exec").path("command");
        if (!preStop.isMissingNode()) {
            exec(StartScript.words(list(preStop).stream().map(JsonNode::asText).toList()));
        }
        process.destroy();
        long leftMs = 1_000L * plan.gracePeriodS() - (System.nanoTime() - startNs) / 1_000_000;
        if (!process.waitFor(leftMs, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(name() + " had not stopped within its grace period");
        }
        if (process.exitValue() != 0) {
            throw new AssertionError(name() + " stopped with " + process.exitValue());
        }
    }

    /** As {@code kubectl exec}: words of a shell; returns what was said. */
    String exec(String words) throws IOException, InterruptedException {
        return Shell.run(
                "nsenter --target %d --mount --uts --net -- %s %s".formatted(process.pid(), start.inside(), words));
    }

    /** Shows what its secrets have now. */
    void renewSecrets() throws IOException, InterruptedException {
        for (SecretVolume secret : start.secrets()) {
            secret.write();
        }
    }

    /** As its machine is lost. */
    void kill() {
        stopping = true;
        process.destroyForcibly().onExit().join();
    }

    /** Waits for the end of a pod that has one; returns its exit code. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new AssertionError(name() + " does not end");
        }
        return process.exitValue();
    }
}
