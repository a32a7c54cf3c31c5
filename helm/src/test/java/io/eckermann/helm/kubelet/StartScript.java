package io.eckermann.helm.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a shell does in the namespaces of a pod until its process runs: mounts its root and volumes, and runs those
 * containers that come first. Used by one thread.
 */
final class StartScript {
    /** What the image itself sets. */
    private static final Map<String, String> IMAGE =
            Map.of("PATH", "/opt/eckermann/bin:/opt/java/bin:/usr/bin:/bin", "JAVA_HOME", "/opt/java");

    private final PodPlan plan;
    private final Machine machine;
    private final Path directory;
    private final String ip;
    private final List<SecretVolume> secrets = new ArrayList<>();

    /**
     * Touches nothing yet.
     *
     * @param directory of the pod alone
     */
    StartScript(PodPlan plan, Machine machine, Path directory, String ip) {
        this.plan = plan;
        this.machine = machine;
        this.directory = directory;
        this.ip = ip;
    }

    /** Makes the volumes that it mounts, too. */
    String text() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        Path root = root();
        lines.add("hostname " + plan.name());
        lines.add("mkdir -p " + directory + "/over " + root);
        lines.add("mount -t tmpfs pod " + directory + "/over");
        lines.add("mkdir " + directory + "/over/upper " + directory + "/over/work");
        lines.add("mount -t overlay pod -o lowerdir=%s,upperdir=%s/over/upper,workdir=%s/over/work %s"
                .formatted(machine.root(), directory, directory, root));
        lines.add("mkdir -p %1$s/opt/eckermann %1$s/opt/java %1$s/etc %1$s/dev %1$s/proc".formatted(root));
        lines.add("rm -f %2$s/etc/resolv.conf; cp %1$s %2$s/etc/resolv.conf".formatted(machine.resolvConf(), root));
        lines.add("mount --rbind /dev %s/dev; mount -t proc proc %s/proc".formatted(root, root));
        if (!machine.hasImage()) {
            lines.add("mount --bind %s %s/opt/eckermann".formatted(machine.distribution(), root));
            lines.add("mount --bind %s %s/opt/java".formatted(machine.java(), root));
        }
        List<String> mounts = new ArrayList<>();
        for (PodPlan.Mount mount : plan.mounts()) {
            String at = root + mount.path();
            lines.add("mkdir -p " + at);
            mounts.add("mount --bind %s %s".formatted(source(mount), at));
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
        for (JsonNode first : plan.before()) {
            lines.add(run(root, first));
        }
        lines.add("exec " + run(root, plan.container()));
        return String.join("\n", lines) + "\n";
    }

    /** As a volume is given to a pod with an fsGroup: the group may write. */
    private Path source(PodPlan.Mount mount) throws IOException, InterruptedException {
        Path source = mount.claim().isEmpty()
                ? Files.createTempDirectory(directory, "volume")
                : Files.createDirectories(machine.claim(mount.claim()));
        for (Map.Entry<String, String> file : mount.files().entrySet()) {
            Files.writeString(source.resolve(file.getKey()), file.getValue());
        }
        String group = plan.securityContext().path("fsGroup").asText("0");
        if (!mount.secret().isEmpty()) {
            SecretVolume secret = new SecretVolume(source, machine.secret(mount.secret()), mount.items(), group);
            secret.write();
            secrets.add(secret);
        }
        Shell.run("chgrp %s %s; chmod 2775 %s".formatted(group, source, source));
        return source;
    }

    private String run(Path root, JsonNode container) {
        Map<String, String> environment = environment(container);
        return inside(root, environment) + " " + words(PodPlan.command(container, environment));
    }

    private Map<String, String> environment(JsonNode container) {
        Map<String, String> environment = new LinkedHashMap<>(IMAGE);
        environment.putAll(plan.environment(container, ip, machine.namespace()));
        return environment;
    }

    /** In the pod's namespace of mounts. */
    private Path root() {
        return directory.resolve("root");
    }

    /** Words before a command that runs in the pod's container as its user. */
    String inside() {
        return inside(root(), environment(plan.container()));
    }

    /** The image need not have any tools for it. What may change root and user is of no use to who has done so. */
    private String inside(Path root, Map<String, String> environment) {
        JsonNode security = plan.securityContext();
        List<String> words = new ArrayList<>(List.of(
                "setpriv",
                "--no-new-privs",
                "--bounding-set=-all,+sys_chroot,+setuid,+setgid",
                "--inh-caps=-all",
                "chroot",
                "--userspec=" + security.path("runAsUser").asText() + ":"
                        + security.path("runAsGroup").asText(),
                "--groups=" + security.path("fsGroup").asText(),
                root.toString(),
                "env",
                "-i"));
        environment.forEach((name, value) -> words.add(name + "=" + value));
        return words(words);
    }

    /** For a shell. */
    static String words(List<String> words) {
        return String.join(" ", words.stream().map(Shell::quoted).toList());
    }

    /** Those that it has made volumes of. */
    List<SecretVolume> secrets() {
        return secrets;
    }
}
