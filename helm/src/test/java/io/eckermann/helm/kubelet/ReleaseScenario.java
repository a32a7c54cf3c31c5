package io.eckermann.helm.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.eckermann.helm.Rendered;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The life of a release, played through. A process of its own, because its namespaces are. */
public final class Scenario {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kubelet kubelet;
    private final List<Rendered> upgrades;
    private final String service;
    private long stepNs = System.nanoTime();

    private Scenario(Kubelet kubelet, List<Rendered> upgrades, String service) {
        this.kubelet = kubelet;
        this.upgrades = upgrades;
        this.service = service;
    }

    /**
     * Plays it; ends with 0 when all went well.
     *
     * @param arguments directory, distribution, namespace, rendered objects, and those of upgrades: to other settings, to
     *     more nodes, to fewer
     */
    public static void main(String[] arguments) throws Exception {
        Machine machine = new Machine(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
        Rendered installed = Rendered.of(Files.readString(Path.of(arguments[3])));
        List<Rendered> upgrades = new ArrayList<>();
        for (int i = 4; i < arguments.length; i++) {
            upgrades.add(Rendered.of(Files.readString(Path.of(arguments[i]))));
        }
        String service =
                Rendered.name(installed.statefulSet()) + "." + machine.namespace() + ".svc." + Names.DOMAIN + ":7301";
        int code = 1;
        try (Kubelet kubelet = new Kubelet(machine, installed)) {
            new Scenario(kubelet, upgrades, service).play(installed.only("Pod"));
            code = 0;
        } catch (Exception | AssertionError e) {
            tell(e);
        }
        System.exit(code);
    }

    private static void tell(Throwable failure) {
        System.out.println(failure);
        for (StackTraceElement frame : failure.getStackTrace()) {
            System.out.println("    at " + frame);
        }
        if (failure.getCause() != null) {
            tell(failure.getCause());
        }
    }

    private void play(JsonNode testPod) throws Exception {
        aloneItWaits();
        for (int ordinal = 1; ordinal < kubelet.replicas(); ordinal++) {
            kubelet.start(ordinal);
        }
        for (int ordinal = 0; ordinal < kubelet.replicas(); ordinal++) {
            kubelet.awaitReady(ordinal);
        }
        step("formed a cluster");

        Load load = new Load(service);
        Await.until("events flow", Duration.ofSeconds(30), () -> {
            load.check();
            return load.acknowledged() > 100;
        });
        load.longestGapMs();
        step("serves");

        int leader = leader();
        kubelet.replace(leader);
        goesOn(load, "deleted the pod of the leader");
        kubelet.lose(leader());
        goesOn(load, "lost the leader by kill -9");
        int rolled = kubelet.upgrade(upgrades.get(0));
        if (rolled != kubelet.replicas()) {
            throw new AssertionError("Only " + rolled + " pods were rolled");
        }
        goesOn(load, "rolled to another configuration");
        for (Rendered scaled : upgrades.subList(1, upgrades.size())) {
            rolled = kubelet.upgrade(scaled);
            if (rolled != 0) {
                throw new AssertionError(rolled + " pods were rolled, to have another number of them");
            }
            awaitMembers();
            goesOn(load, "scaled to " + kubelet.replicas());
        }
        if (kubelet.run(testPod) != 0) {
            throw new AssertionError("helm test fails");
        }
        step("passed helm test");
        load.finish();
        step("acknowledged and read all of " + load.acknowledged() + " events once");
    }

    /** The pods of a first start do not come at once: who is first must not be killed, and must not found a cluster. */
    private void aloneItWaits() throws Exception {
        kubelet.start(0);
        Await.until("the first is alive", Duration.ofMinutes(1), () -> {
            kubelet.check();
            return kubelet.pod(0).isStarted();
        });
        Await.pass(Duration.ofSeconds(3));
        kubelet.check();
        if (kubelet.pod(0).isReady() || !leaderAsSeenBy(0).isEmpty()) {
            throw new AssertionError("A node alone serves");
        }
        step("alone, the first pod lives and waits");
    }

    private void awaitMembers() throws Exception {
        int wanted = kubelet.replicas();
        Await.until(
                wanted + " members",
                Duration.ofMinutes(1),
                () -> status(0).path("nodes").size() == wanted);
    }

    private void goesOn(Load load, String what) throws Exception {
        int before = load.acknowledged();
        Await.until("events flow again", Duration.ofSeconds(30), () -> {
            load.check();
            return load.acknowledged() > before + 100;
        });
        kubelet.check();
        step(what + "; longest wait for an acknowledgement " + load.longestGapMs() + " ms");
    }

    private void step(String what) {
        long now = System.nanoTime();
        System.out.printf("%s (%.1f s)%n", what, (now - stepNs) / 1e9);
        stepNs = now;
    }

    private int leader() throws Exception {
        int[] leader = {-1};
        Await.until("there is a leader", Duration.ofSeconds(30), () -> {
            String id = leaderAsSeenBy(0);
            leader[0] = id.isEmpty() ? -1 : Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
            return leader[0] >= 0;
        });
        return leader[0];
    }

    /** Empty when it knows none, or does not answer. */
    private String leaderAsSeenBy(int ordinal) {
        return status(ordinal).path("leader").asText("");
    }

    /** Missing when it does not answer. */
    private JsonNode status(int ordinal) {
        URI uri = URI.create("http://" + kubelet.pod(ordinal).ip() + ":8081/v1/cluster");
        try (InputStream body = uri.toURL().openStream()) {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
