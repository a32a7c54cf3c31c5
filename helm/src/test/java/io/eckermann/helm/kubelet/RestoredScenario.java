package io.eckermann.helm.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.ReadOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** All volumes are lost, and a new cluster begins with a backup; a volume that is lost later is not restored from that. */
public final class RestoredScenario extends Scenario {
    private static final String TOPIC = "orders";

    private RestoredScenario(Stage stage) {
        super(stage);
    }

    /** Plays it; the upgrade is to a release that begins with a backup. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        play(arguments, RestoredScenario::new);
    }

    @Override
    void play() throws Exception {
        startAll();
        JsonNode job = installed().only("CronJob");
        try (EventStore store = client().build()) {
            store.topics().create(TOPIC).join();
            store.append(TOPIC, Event.of("before")).join();
            if (kubelet().run(job) != 0) {
                throw new AssertionError("The backup fails");
            }
            store.append(TOPIC, Event.of("behind the backup")).join();
        }
        step("took a backup");

        for (int ordinal = 0; ordinal < kubelet().replicas(); ordinal++) {
            kubelet().loseForGood(ordinal);
        }
        kubelet().install(upgrades().get(0));
        startAll();
        try (EventStore store = client().build()) {
            expect(store, "before");
            store.append(TOPIC, Event.of("since")).join();
            step("began anew with the backup");

            int last = kubelet().replicas() - 1;
            String name = kubelet().pod(last).name();
            kubelet().loseForGood(last);
            kubelet().start(last);
            kubelet().awaitReady(last);
            if (store.cluster().join().nodes().stream()
                    .noneMatch(node -> node.id().startsWith(name + "~"))) {
                throw new AssertionError("The node without a volume is the one that it was");
            }
            expect(store, "before", "since");
            step("took a node in that had lost its volume");
        }
    }

    private void startAll() throws Exception {
        for (int ordinal = 0; ordinal < kubelet().replicas(); ordinal++) {
            kubelet().start(ordinal);
        }
        awaitAllReady();
    }

    private static void expect(EventStore store, String... payloads) throws Exception {
        List<String> read = new ArrayList<>();
        try (var events = store.open(TOPIC, ReadOptions.builder().from(1).build())) {
            events.forEachRemaining(event -> read.add(event.event().payloadText()));
        }
        if (!read.equals(List.of(payloads))) {
            throw new AssertionError("It holds " + read);
        }
    }
}
