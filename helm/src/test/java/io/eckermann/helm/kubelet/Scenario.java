package io.eckermann.helm.kubelet;

import io.eckermann.client.EventStore;
import io.eckermann.client.EventStoreBuilder;
import io.eckermann.helm.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A life of a release, played through. A process of its own, because its namespaces are. */
abstract class Scenario {
    private static final Duration FLOW_WITHIN = Duration.ofSeconds(30);

    private final Machine machine;
    private final Kubelet kubelet;
    private final Rendered installed;
    private final List<Rendered> upgrades;
    private final List<String> notes;
    private long stepNs = System.nanoTime();

    /**
     * What is played with.
     *
     * @param notes what a person is told after the installation, line by line
     */
    record Stage(Machine machine, Kubelet kubelet, Rendered installed, List<Rendered> upgrades, List<String> notes) {}

    /** One of them. */
    interface Maker {
        Scenario on(Stage stage);
    }

    Scenario(Stage stage) {
        this.machine = stage.machine();
        this.kubelet = stage.kubelet();
        this.installed = stage.installed();
        this.upgrades = stage.upgrades();
        this.notes = stage.notes();
    }

    /**
     * Plays it and ends the process, with 0 when all went well.
     *
     * @param arguments directory, distribution, root, namespace, file of the notes, that of the rendered objects, and those of
     *     upgrades
     */
    static void play(String[] arguments, Maker maker) throws IOException, InterruptedException {
        // As README has it for clients: pods get other addresses, and a JVM would know the old ones for half a minute.
        Security.setProperty("networkaddress.cache.ttl", "5");
        System.setProperty("networkaddress.cache.ttl", "1");
        Machine machine =
                new Machine(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]), arguments[3]);
        List<String> notes = Files.readAllLines(Path.of(arguments[4]));
        List<Rendered> rendered = new ArrayList<>();
        for (int i = 5; i < arguments.length; i++) {
            rendered.add(Rendered.of(Files.readString(Path.of(arguments[i]))));
        }
        int code = 1;
        try (Kubelet kubelet = new Kubelet(machine, rendered.get(0))) {
            maker.on(new Stage(machine, kubelet, rendered.get(0), rendered.subList(1, rendered.size()), notes))
                    .play();
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

    abstract void play() throws Exception;

    Machine machine() {
        return machine;
    }

    Kubelet kubelet() {
        return kubelet;
    }

    Rendered installed() {
        return installed;
    }

    List<Rendered> upgrades() {
        return upgrades;
    }

    /** Of the service for clients; the nodes behind it are learnt. */
    EventStoreBuilder client() {
        return EventStore.builder()
                .endpoints(Rendered.name(installed.statefulSet()) + "." + machine.namespace() + ".svc." + Names.DOMAIN
                        + ":7301");
    }

    void step(String what) {
        long now = System.nanoTime();
        System.out.printf("%s (%.1f s)%n", what, (now - stepNs) / 1e9);
        stepNs = now;
    }

    void awaitAllReady() throws Exception {
        for (int ordinal = 0; ordinal < kubelet.replicas(); ordinal++) {
            kubelet.awaitReady(ordinal);
        }
    }

    /** Does what the notes say that is done in the first pod; returns what was said. */
    String doAsTheNotesSay() throws Exception {
        String start = " exec " + kubelet.pod(0).name() + " -- ";
        StringBuilder said = new StringBuilder();
        int done = 0;
        for (String line : notes) {
            int at = line.indexOf(start);
            if (at >= 0) {
                said.append(kubelet.pod(0).exec(line.substring(at + start.length())));
                done++;
            }
        }
        if (done < 4 || !said.toString().contains("Paid")) {
            throw new AssertionError("The notes do not lead to a first event: " + said);
        }
        return said.toString();
    }

    /**
     * Calls as the notes say that it is done from outside, where the first pod is what {@code kubectl} forwards to.
     *
     * @param directory where the authority's certificate is
     */
    void callAsTheNotesSay(Path directory, String key) throws Exception {
        List<String> calls =
                notes.stream().filter(line -> line.startsWith("  curl ")).toList();
        String ip = kubelet.pod(0).ip();
        for (String call : calls) {
            String said = Shell.run("cd %s; KEY=%s; %s"
                    .formatted(directory, Shell.quoted(key), call.strip().replace("127.0.0.1", ip)));
            if (!said.contains("\"orders\"")) {
                throw new AssertionError("The notes do not lead to a list of topics: " + said);
            }
        }
        if (calls.size() != 1) {
            throw new AssertionError("The notes have not one call");
        }
    }

    Load load(EventStore store) throws Exception {
        Load load = new Load(store);
        Await.until("events flow", FLOW_WITHIN, () -> {
            load.check();
            return load.acknowledged() > 100;
        });
        load.longestGapMs();
        return load;
    }

    void goesOn(Load load, String what) throws Exception {
        int before = load.acknowledged();
        Await.until("events flow again", FLOW_WITHIN, () -> {
            load.check();
            return load.acknowledged() > before + 100;
        });
        kubelet.check();
        step(what + "; longest wait for an acknowledgement " + load.longestGapMs() + " ms");
    }

    /** To other numbers of nodes, which rolls none. */
    void scale(List<Rendered> numbers, Load load, EventStore store) throws Exception {
        for (Rendered scaled : numbers) {
            int rolled = kubelet.upgrade(scaled);
            if (rolled != 0) {
                throw new AssertionError(rolled + " pods were rolled, to have another number of them");
            }
            Await.until(
                    kubelet.replicas() + " members",
                    Duration.ofMinutes(1),
                    () -> store.cluster().join().nodes().size() == kubelet.replicas());
            goesOn(load, "scaled to " + kubelet.replicas());
        }
    }

    void helmTest() throws Exception {
        if (kubelet.run(installed.only("Pod")) != 0) {
            throw new AssertionError("helm test fails");
        }
        step("passed helm test");
    }

    void finish(Load load) throws Exception {
        load.finish();
        step("acknowledged and read all of " + load.acknowledged() + " events once");
    }

    /** The ordinal of the pod whose node leads. */
    static int leader(EventStore store) throws Exception {
        int[] leader = {-1};
        Await.until("there is a leader", FLOW_WITHIN, () -> {
            String id = store.cluster().join().leader().orElse("");
            leader[0] = id.isEmpty() ? -1 : Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
            return leader[0] >= 0;
        });
        return leader[0];
    }
}
