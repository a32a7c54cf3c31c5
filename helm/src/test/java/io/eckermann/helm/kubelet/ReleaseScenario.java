package io.eckermann.helm.kubelet;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.eckermann.client.EventStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;

/** By default: pods are deleted, killed, rolled, and become more and fewer. */
public final class ReleaseScenario extends Scenario {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReleaseScenario(Stage stage) {
        super(stage);
    }

    /** Plays it; upgrades are to other settings, to more nodes, to fewer. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        play(arguments, ReleaseScenario::new);
    }

    @Override
    void play() throws Exception {
        aloneItWaits();
        for (int ordinal = 1; ordinal < kubelet().replicas(); ordinal++) {
            kubelet().start(ordinal);
        }
        awaitAllReady();
        step("formed a cluster");
        doAsTheNotesSay();
        callAsTheNotesSay(machine().directory(), "");
        step("took a first event as the notes say");

        EventStore store = client().build();
        Load load = load(store);
        step("serves");
        kubelet().replace(leader(store));
        goesOn(load, "deleted the pod of the leader");
        kubelet().lose(leader(store));
        goesOn(load, "lost the leader by kill -9");
        int rolled = kubelet().upgrade(upgrades().get(0));
        if (rolled != kubelet().replicas()) {
            throw new AssertionError("Only " + rolled + " pods were rolled");
        }
        goesOn(load, "rolled to another configuration");
        scale(upgrades().subList(1, upgrades().size()), load, store);
        helmTest();
        finish(load);
    }

    /** The pods of a first start do not come at once: who is first must not be killed, and must not found a cluster. */
    private void aloneItWaits() throws Exception {
        kubelet().start(0);
        Await.until("the first is alive", Duration.ofMinutes(1), () -> {
            kubelet().check();
            return kubelet().pod(0).isStarted();
        });
        Await.pass(Duration.ofSeconds(3));
        kubelet().check();
        if (kubelet().pod(0).isReady() || knowsLeader(0)) {
            throw new AssertionError("A node alone serves");
        }
        step("alone, the first pod lives and waits");
    }

    private boolean knowsLeader(int ordinal) {
        URI uri = URI.create("http://" + kubelet().pod(ordinal).ip() + ":8081/v1/cluster");
        try (InputStream body = uri.toURL().openStream()) {
            return !JSON.readTree(body).path("leader").asText("").isEmpty();
        } catch (IOException e) {
            // It says nothing, so it says nothing of a leader.
            return false;
        }
    }
}
