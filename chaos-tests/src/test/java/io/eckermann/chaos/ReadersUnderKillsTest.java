package io.eckermann.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eckermann.client.ConsumerOptions;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.Group;
import io.eckermann.client.GroupConsumer;
import io.eckermann.client.GroupSettings;
import io.eckermann.client.GroupStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Those who read on and on get every event in its turn, whichever node is killed. One cluster, a topic for each test. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class ReadersUnderKillsTest {
    private static final int SOME = 20;

    @TempDir
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // opened before all tests
    private static Browser browser;

    @SuppressWarnings("NullAway.Init")
    private static Cluster cluster;

    @SuppressWarnings("NullAway.Init")
    private static EventStore store;

    private int appended;

    @BeforeAll
    static void start() throws Exception {
        browser = new Browser();
        cluster = new Cluster(directory, 3, "http.allowed-origins=['" + browser.origin() + "']");
        cluster.startAll();
        store = cluster.client(Duration.ofSeconds(60));
    }

    @AfterAll
    static void stop() {
        browser.close();
        store.close();
        cluster.close();
    }

    @BeforeEach
    void allRun() throws Exception {
        cluster.awaitReady();
    }

    /** The page of a browser comes back by itself to the node it was with; that is what EventSource does. */
    @Test
    void pageInABrowserGetsEveryEventOnceThroughKillsOfItsNodeAndOfTheLeader() throws Exception {
        assumeTrue(
                Browser.program().isPresent(),
                "SKIPPED: there is no Chromium here, so EventSource in a real browser was not tried");
        store.topics().create("watched").join();
        String node = cluster.follower();
        browser.show(page(node), Files.createDirectory(directory.resolve("browser")));
        append("watched", SOME);
        awaitSeen(SOME);

        cluster.kill(node);
        append("watched", SOME);
        String leader = cluster.leader();
        cluster.kill(leader);
        cluster.start(node); // may answer before there is a leader again, and the page must come back all the same
        append("watched", SOME);
        awaitSeen(3 * SOME);
        cluster.start(leader);

        String next = cluster.leader();
        if (!next.equals(node)) {
            cluster.kill(next);
            cluster.start(next);
        }
        append("watched", SOME);
        awaitSeen(4 * SOME);

        assertThat(browser.told("written"))
                .as("a write from the page, which the browser asks about first")
                .containsExactly("201 /v1/topics/pages/events/1");
        assertThat(browser.told("event"))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, appended)
                        .mapToObj(Long::toString)
                        .toList());
        assertThat(browser.told("opened").size()).as("%s", browser.told()).isGreaterThan(1);
    }

    private static String page(String node) throws Exception {
        store.topics().create("pages").join();
        return """
                <!DOCTYPE html><title>readers</title><script>
                const node = 'NODE';
                let telling = Promise.resolve();
                function tell(line) {
                    telling = telling.then(() => fetch('/told', {method: 'POST', body: line}));
                }
                const source = new EventSource(node + '/v1/topics/watched/events?from=1');
                source.onopen = () => tell('opened source');
                source.onerror = e => tell('error ' + source.readyState + ' ' + (e.data || ''));
                source.addEventListener('event', e => tell('event ' + JSON.parse(e.data).position));
                fetch(node + '/v1/topics/pages/events', {
                    method: 'POST',
                    headers: {'Content-Type': 'application/json', 'Idempotency-Key': 'page'},
                    body: JSON.stringify({type: 'Written', data: 'in a browser'})
                }).then(answer => tell('written ' + answer.status + ' ' + answer.headers.get('Location')),
                        refused => tell('written ' + refused));
                </script>
                """.replace("NODE", "http://" + cluster.http(node));
    }

    private static void awaitSeen(int count) throws Exception {
        try {
            Await.until(
                    count + " events are in the page",
                    () -> browser.told("event").size() >= count);
        } catch (AssertionError e) {
            throw new AssertionError(String.join("\n", browser.told()), e);
        }
    }

    @Test
    void membersOfAGroupHandleEveryEventAndKeysInTheirOrder() throws Exception {
        GroupSettings settings = GroupSettings.DEFAULTS
                .withOrderByKey()
                .withVisibility(Duration.ofSeconds(2))
                .withAttemptsMax(1_000);
        store.topics().create("orders").join();
        store.groups().create("orders", "mail", settings, GroupStart.FIRST).join();
        Handled handled = new Handled();
        try (EventStore one = cluster.client(Duration.ofSeconds(10));
                EventStore other = cluster.client(Duration.ofSeconds(10));
                GroupConsumer first = consume(one, "first", handled);
                GroupConsumer second = consume(other, "second", handled)) {
            append("orders", 5 * SOME);
            Await.until("some are handled", () -> handled.count() > SOME);
            cluster.kill(cluster.leader());
            append("orders", 5 * SOME);
            Await.until("all are done with", () -> group().floor() == appended);
            assertThat(List.of(first, second)).as("are at work").doesNotContainNull();
        }
        handled.judge(appended);
        assertThat(group().behind()).isZero();
        assertThat(group().parked()).isZero();
        for (String id : cluster.ids()) {
            if (!cluster.node(id).isAlive()) {
                cluster.start(id);
            }
        }
    }

    private static GroupConsumer consume(EventStore member, String name, Handled handled) {
        ConsumerOptions options = ConsumerOptions.of(name).withMax(10).withWait(Duration.ofSeconds(1));
        return member.groups().consume("orders", "mail", options, handled);
    }

    private static Group group() {
        return store.groups().get("orders", "mail").join();
    }

    /** Events of seven keys, one append each; all are acknowledged when it returns. */
    private void append(String topic, int count) {
        List<CompletableFuture<?>> appends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            appends.add(store.append(
                    topic,
                    Event.builder()
                            .key("key-" + appended % 7)
                            .payload("event " + ++appended)
                            .build()));
        }
        appends.forEach(CompletableFuture::join);
    }
}
