package io.eckermann.helm.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.Credentials;
import io.eckermann.client.EckermannException;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStoreBuilder;
import io.eckermann.client.Tls;
import io.eckermann.helm.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * With a secret's certificates, and with security: who has none or no key is refused, and certificates, their authority and
 * a client's key become others while events flow.
 */
public final class GuardedScenario extends Scenario {
    /** What the values name. */
    public static final String SECRET = "given";

    private static final String NODE = "node";
    private static final List<Integer> PORTS = List.of(7201, 7301, 8081);
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(30);
    private static final Pattern KEY = Pattern.compile("eck_([0-9a-f]{16})_[A-Za-z0-9_-]{43}");

    private final Authority first =
            new Authority(machine(), machine().directory().resolve("first"));
    private final Authority second =
            new Authority(machine(), machine().directory().resolve("second"));
    private final Authority stranger =
            new Authority(machine(), machine().directory().resolve("stranger"));
    /** What the client trusts and shows, for as long as the authority and the key change. */
    private final Path trusted = machine().directory().resolve("trusted.pem");

    private final Path key = machine().directory().resolve("me.key");

    private GuardedScenario(Stage stage) {
        super(stage);
    }

    /** Plays it; upgrades are to other numbers of nodes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        play(arguments, GuardedScenario::new);
    }

    @Override
    void play() throws Exception {
        makeCertificates();
        for (int ordinal = 0; ordinal < kubelet().replicas(); ordinal++) {
            kubelet().start(ordinal);
        }
        awaitAllReady();
        step("formed a cluster that encrypts");
        put(key, only(doAsTheNotesSay()));
        callAsTheNotesSay(machine().secret(SECRET), Files.readString(key));
        step("took a first event and made a key as the notes say");
        strangersAreRefused();
        theFirstKeyIsThere();

        EventStore store = client().credentials(Credentials.file(key)).build();
        Load load = load(store);
        step("serves who shows a key");
        helmTest();
        backUp();
        changeCertificates(load);
        changeKey(load);
        kubelet().replace(leader(store));
        goesOn(load, "deleted the pod of the leader");
        scale(upgrades(), load, store);
        finish(load);
    }

    @Override
    EventStoreBuilder client() {
        return super.client().tls(Tls.trusting(trusted));
    }

    /** For the hosts that README names. */
    private void makeCertificates() throws Exception {
        String release = Rendered.name(installed().statefulSet());
        String service = release + "." + machine().namespace();
        for (Authority authority : List.of(first, second, stranger)) {
            authority.issue(
                    NODE,
                    "*." + release + "-nodes." + machine().namespace() + ".svc." + Names.DOMAIN,
                    release,
                    service,
                    service + ".svc",
                    service + ".svc." + Names.DOMAIN);
        }
        first.issue("client");
        Files.writeString(trusted, both());
        Files.createDirectories(machine().secret(SECRET));
        fill(first, Files.readString(first.certificate()));
        step("made certificates");
    }

    private String both() throws IOException {
        return Files.readString(first.certificate()) + Files.readString(second.certificate());
    }

    /** The secret has this one's certificate from now on. */
    private void fill(Authority of, String authorities) throws IOException {
        Path secret = machine().secret(SECRET);
        Files.copy(of.certificate(NODE), secret.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(of.key(NODE), secret.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(secret.resolve("ca.crt"), authorities);
    }

    /** The key that was shown. */
    private static String only(String said) {
        List<String> found = KEY.matcher(said).results().map(MatchResult::group).toList();
        if (found.size() != 1) {
            throw new AssertionError("Not one key: " + said);
        }
        return found.get(0);
    }

    private static void put(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".fresh");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void strangersAreRefused() throws Exception {
        refused("nobody without a key", client());
        refused(
                "nobody with a key of another",
                client().credentials(Credentials.of("eck_" + "0".repeat(16) + "_" + "0".repeat(43))));
        refused("nobody in plain text", super.client());
        refused(
                "no node of another authority",
                super.client().tls(Tls.trusting(stranger.certificate())).credentials(Credentials.file(key)));
        String ip = kubelet().pod(0).ip();
        if (!Doors.letIn(ip, 7201, first.identity(NODE))
                || Doors.letIn(ip, 7201)
                || Doors.letIn(ip, 7201, first.identity("client"))
                || Doors.letIn(ip, 7201, stranger.identity(NODE))) {
            throw new AssertionError("The Raft port is not for nodes alone");
        }
        step("refused strangers");
    }

    private static void refused(String who, EventStoreBuilder client) {
        try (EventStore store =
                client.requestTimeout(Duration.ofSeconds(2)).retriesMax(1).build()) {
            store.append("orders", Event.of("0")).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EckermannException) {
                return;
            }
            throw e;
        }
        throw new AssertionError("Let in: " + who);
    }

    /** On the volume of the pod that led first; whoever has it may do everything. */
    private void theFirstKeyIsThere() throws Exception {
        int found = 0;
        for (int ordinal = 0; ordinal < kubelet().replicas(); ordinal++) {
            Path file = machine().claim("data-" + kubelet().pod(ordinal).name()).resolve("data/admin.key");
            if (Files.exists(file)) {
                found++;
                try (EventStore store =
                        client().credentials(Credentials.file(file)).build()) {
                    if (!store.access().whoAmI().join().principal().equals("admin")) {
                        throw new AssertionError("The first key is not an administrator's");
                    }
                }
                Files.delete(file);
            }
        }
        if (found != 1) {
            throw new AssertionError(found + " pods have a first key");
        }
        step("found the first key on one volume");
    }

    /** By the node's certificate alone; of three, two are kept. */
    private void backUp() throws Exception {
        JsonNode job = installed().only("CronJob");
        for (int time = 1; time <= 3; time++) {
            if (kubelet().run(job) != 0) {
                throw new AssertionError("The backup fails");
            }
        }
        try (Stream<Path> manifests = Files.list(machine().claim("backups").resolve("shop/backups"))) {
            if (manifests.count() != 2) {
                throw new AssertionError("There are not two backups");
            }
        }
        step("took three backups and kept two");
    }

    /** As docs/security.md says: trust both, show the new one, trust that alone. No pod is started anew. */
    private void changeCertificates(Load load) throws Exception {
        fill(first, both());
        kubelet().renewSecrets();
        awaitEveryPod("trusts both authorities", ip -> Doors.letIn(ip, 7201, second.identity(NODE)));
        goesOn(load, "trusts another authority, too");

        fill(second, both());
        kubelet().renewSecrets();
        for (int port : PORTS) {
            awaitEveryPod(
                    "shows the new certificate at " + port,
                    ip -> Doors.serial(ip, port).equals(second.serial(NODE)));
        }
        goesOn(load, "shows another certificate at all ports");

        fill(second, Files.readString(second.certificate()));
        kubelet().renewSecrets();
        awaitEveryPod("trusts the old authority no more", ip -> !Doors.letIn(ip, 7201, first.identity(NODE)));
        goesOn(load, "trusts the old authority no more");
    }

    private void awaitEveryPod(String what, PodCheck check) throws Exception {
        for (int ordinal = 0; ordinal < kubelet().replicas(); ordinal++) {
            Pod pod = kubelet().pod(ordinal);
            Await.until(pod.name() + " " + what, NOTICED_WITHIN, () -> check.holds(pod.ip()));
        }
    }

    private interface PodCheck {
        boolean holds(String ip) throws Exception;
    }

    /** As docs/operations.md says: a second key for the same principal, and the first is revoked when nobody shows it. */
    private void changeKey(Load load) throws Exception {
        Pod pod = kubelet().pod(0);
        String old = KEY.matcher(Files.readString(key)).replaceFirst("$1");
        put(key, only(pod.exec("eckermann key create me")));
        goesOn(load, "shows another key to new calls");
        pod.exec("eckermann key revoke " + old);
        goesOn(load, "revoked the old key under open streams");
    }
}
