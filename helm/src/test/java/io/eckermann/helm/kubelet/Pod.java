package io.eckermann.helm.kubelet;

import static io.eckermann.helm.Rendered.list;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A pod that runs: one process, in namespaces of its own, on a root that it can't write to. */
final class Pod {
    /** What the image itself sets. */
    private static final Map<String, String> IMAGE =
            Map.of("PATH", "/opt/eckermann/bin:/opt/java/bin:/usr/bin:/bin", "JAVA_HOME", "/opt/java");

    private final PodPlan plan;
    private final String ip;
    private final Map<String, String> environment;
    private final Process process;
    private volatile boolean started;
    private volatile boolean ready;
    private volatile boolean stopping;
    private volatile boolean leaving;
    private int failuresInARow;

    private Pod(PodPlan plan, String ip, Map<String, String> environment, Process process) {
        this.plan = plan;
        this.ip = ip;
        this.environment = environment;
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
        Map<String, String> environment = plan.environment(ip, machine.namespace());
        environment.putAll(IMAGE);
        Path script = directory.resolve("start.sh");
        Files.writeString(script, script(plan, machine, directory, environment));
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
        return new Pod(plan, ip, environment, process);
    }

    private static String script(PodPlan plan, Machine machine, Path directory, Map<String, String> environment)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        Path root = directory.resolve("root");
        lines.add("hostname " + plan.name());
        lines.add("mkdir -p " + directory + "/over " + root);
        lines.add("mount -t tmpfs pod " + directory + "/over");
        lines.add("mkdir " + directory + "/over/upper " + directory + "/over/work");
        lines.add("mount -t overlay pod -o lowerdir=/,upperdir=%s/over/upper,workdir=%s/over/work %s"
                .formatted(directory, directory, root));
        lines.add("mkdir -p %s/opt/eckermann %s/opt/java".formatted(root, root));
        lines.add("rm -f %2$s/etc/resolv.conf; cp %1$s %2$s/etc/resolv.conf".formatted(machine.resolvConf(), root));
        lines.add("mount --rbind /dev %s/dev; mount -t proc proc %s/proc".formatted(root, root));
        lines.add("mount --bind %s %s/opt/eckermann".formatted(machine.distribution(), root));
        lines.add("mount --bind %s %s/opt/java".formatted(machine.java(), root));
        List<String> mounts = new ArrayList<>();
        for (PodPlan.Mount mount : plan.mounts()) {
            String at = root + mount.path();
            lines.add("mkdir -p " + at);
            mounts.add("mount --bind %s %s".formatted(source(mount, plan, machine, directory), at));
            if (mount.readOnly()) {
                mounts.add("mount -o remount,bind,ro " + at);
            }
        }
        if (plan.container()
                .path("securityContext")
                .path("readOnlyRootFilesystem")
                .asBoolean()) {
            lines.add("mount -o remount,ro " + root);
        }
        lines.addAll(mounts);
        lines.add("exec chroot " + root + " " + asUser(plan, environment) + " " + words(plan.command(environment)));
        return String.join("\n", lines) + "\n";
    }

    /** As a volume is given to a pod with an fsGroup: the group may write. */
    private static Path source(PodPlan.Mount mount, PodPlan plan, Machine machine, Path directory)
            throws IOException, InterruptedException {
        Path source = mount.claim().isEmpty()
                ? Files.createTempDirectory(directory, "volume")
                : Files.createDirectories(machine.directory().resolve("claims").resolve(mount.claim()));
        for (Map.Entry<String, String> file : mount.files().entrySet()) {
            Files.writeString(source.resolve(file.getKey()), file.getValue());
        }
        String group = plan.securityContext().path("fsGroup").asText("0");
        Shell.run("chgrp %s %s; chmod 2775 %s".formatted(group, source, source));
        return source;
    }

    private static String asUser(PodPlan plan, Map<String, String> environment) {
        JsonNode security = plan.securityContext();
        List<String> words = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + security.path("runAsUser").asText(),
                "--regid=" + security.path("runAsGroup").asText(),
                "--groups=" + security.path("fsGroup").asText(),
                "--no-new-privs",
                "--bounding-set=-all",
                "--inh-caps=-all",
                "env",
                "-i"));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        return words(words);
    }

    private static String words(List<String> words) {
        return String.join(" ", words.stream().map(Shell::quoted).toList());
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
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://" + ip + ":" + port + get.path("path").asText())
                            .toURL()
                            .openConnection();
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
            List<String> command = list(preStop).stream().map(JsonNode::asText).toList();
            Shell.run("nsenter --target %d --mount --uts --net --root --wd -- %s %s"
                    .formatted(process.pid(), asUser(plan, environment), words(command)));
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
