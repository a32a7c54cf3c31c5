package io.eckermann.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumeTest {
    private final FakeCluster cluster;
    private final EventStore store;

    ConsumeTest() throws IOException {
        cluster = new FakeCluster(2, 1);
        store = cluster.connect();
        cluster.fill("orders", 3);
    }

    @AfterEach
    void close() {
        store.close();
        cluster.close();
    }

    /** Writes down what it hears. */
    private static final class Notes implements ConsumeListener {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        @Override
        public void event(RecordedEvent event) {
            heard.add("event " + event.position());
        }

        @Override
        public void committed(long position) {
            heard.add("committed " + position);
        }

        @Override
        public void taken(long position) {
            heard.add("taken " + position);
        }

        @Override
        public void caughtUp(long head) {
            heard.add("caught up");
        }

        @Override
        public void reconnecting(EckermannException cause) {
            heard.add("reconnecting");
        }

        void hears(String... lines) throws InterruptedException {
            for (String line : lines) {
                assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(line);
            }
        }
    }

    @Test
    void anEventIsCommittedWhenTheListenerReturns() throws Exception {
        Notes notes = new Notes();
        Subscription subscription = store.consume("orders", "billing", notes);
        notes.hears("event 1", "committed 1", "event 2", "committed 2", "event 3", "committed 3", "caught up");
        subscription.close();
        subscription.done().get(60, TimeUnit.SECONDS);
        assertThat(notes.heard).isEmpty();
        assertThat(store.cursors().get("billing", "orders").join().position()).isEqualTo(3);
    }

    @Test
    void whatWasHandedOverIsNotHandedOverAgainWhenItsNodeWasLost() throws Exception {
        cluster.loseCommits(1);
        Notes notes = new Notes();
        try (Subscription subscription = store.consume("orders", "billing", notes)) {
            notes.hears("event 1", "reconnecting", "committed 1", "event 2", "committed 2");
            assertThat(subscription.done()).isNotDone();
        }
    }

    @Test
    void whoLosesACommitIsToldAndGoesOnBehindIt() throws Exception {
        Notes notes = new Notes();
        ConsumeListener slow = new ConsumeListener() {
            @Override
            public void event(RecordedEvent event) {
                notes.event(event);
                if (event.position() == 1) {
                    store.cursors().commit("billing", "orders", 2).join();
                }
            }

            @Override
            public void taken(long position) {
                notes.taken(position);
            }
        };
        try (Subscription subscription = store.consume("orders", "billing", slow)) {
            notes.hears("event 1", "taken 2", "event 3");
            assertThat(subscription.done()).isNotDone();
        }
    }

    @Test
    void whatTheListenerThrowsEndsItAndCommitsNothing() {
        Subscription subscription = store.consume("orders", "billing", event -> {
            throw new IllegalStateException("no ink");
        });
        assertThatThrownBy(() -> subscription.done().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("no ink");
        assertThat(store.cursors().list("orders", "", Consistency.LOCAL).join()).isEqualTo(List.of());
    }

    @Test
    void closingTheClientEndsIt() throws Exception {
        Notes notes = new Notes();
        Subscription subscription = store.consume("orders", "billing", notes);
        notes.hears("event 1");
        store.close();
        assertThatThrownBy(() -> subscription.done().get(60, TimeUnit.SECONDS))
                .hasCauseInstanceOf(EckermannException.Unavailable.class);
    }

    @Test
    void aTopicThatDoesNotExistIsSaid() {
        assertThatThrownBy(() ->
                        store.consume("nowhere", "billing", event -> {}).done().join())
                .hasCauseInstanceOf(EckermannException.NotFound.class);
    }
}
