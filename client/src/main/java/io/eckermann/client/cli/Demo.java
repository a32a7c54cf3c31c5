package io.eckermann.client.cli;

import static io.eckermann.client.cli.Verb.answer;

import io.eckermann.client.AppendResult;
import io.eckermann.client.ClusterStatus;
import io.eckermann.client.CursorPosition;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import io.eckermann.client.EventStream;
import io.eckermann.client.ReadOptions;
import io.eckermann.client.RecordedEvent;
import io.eckermann.client.cli.Console.Style;
import io.eckermann.client.cli.DemoData.Checksum;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The demo's scenes, one after the other, on a topic of their own. */
final class Demo {
    private static final DateTimeFormatter SUFFIX =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final String READER = "demo-reader";
    private static final int LOADED_FIRST = 1_200;
    private static final int LIVE = 3;
    private static final int CURSOR_AT = 100;
    private static final Duration LIVE_PATIENCE = Duration.ofSeconds(30);

    private final Console console;
    private final EventStore store;
    private final DemoCluster nodes;
    private final boolean mayKill;
    private final String topic = "demo.earthquakes." + SUFFIX.format(Instant.now());

    Demo(Console console, EventStore store, DemoCluster nodes, boolean mayKill) {
        this.console = console;
        this.store = store;
        this.nodes = nodes;
        this.mayKill = mayKill;
    }

    /** Plays all scenes; false when something acknowledged was lost. */
    boolean run() throws Exception {
        List<Event> all = DemoData.events();
        load(all.subList(0, LOADED_FIRST), all.size());
        readFromTheMiddle();
        readFromATime();
        resumeFromACursor();
        tailLive(all.subList(LOADED_FIRST, LOADED_FIRST + LIVE));
        Optional<String> killed = goOnWithoutTheLeader(all.subList(LOADED_FIRST + LIVE, all.size()));
        boolean complete = proveNothingLost(all);
        if (killed.isPresent()) {
            bringBack(killed.get());
        }
        if (!nodes.isOwn()) {
            text("the topic stays; to look at it, and to delete it:");
            text("eckermann read " + topic + " --last 5");
            text("eckermann topic delete " + topic + " --yes");
        }
        return complete;
    }

    private void load(List<Event> events, int inFile) throws Exception {
        scene("Load a week of earthquakes into the topic " + topic);
        answer(store.topics().create(topic));
        DemoAppend append = new DemoAppend(store, topic, progress(events.size()));
        append.send(events);
        append.finish();
        text("%,d of %,d events in %.1f s, %,.0f a second: each fsynced on a majority before it counts"
                .formatted(append.acknowledged(), inFile, append.seconds(), append.acknowledged() / append.seconds()));
    }

    private void readFromTheMiddle() {
        scene("Read from the middle: position 600");
        print(ReadOptions.builder().from(600).limit(3).build());
    }

    private void readFromATime() {
        long at;
        try (EventStream one =
                store.open(topic, ReadOptions.builder().from(900).limit(1).build())) {
            at = one.next().recordedNs();
        }
        scene("Read from a time: recorded at or after " + Instant.EPOCH.plusNanos(at));
        print(ReadOptions.builder()
                .timeNs(at, ReadOptions.Seek.AT_OR_AFTER)
                .limit(3)
                .build());
    }

    private void resumeFromACursor() throws Exception {
        scene("A consumer reads " + CURSOR_AT + " events, commits its cursor, goes away and comes back");
        long last = 0;
        try (EventStream events = store.open(
                topic, ReadOptions.builder().cursor(READER).limit(CURSOR_AT).build())) {
            while (events.hasNext()) {
                last = events.next().position();
            }
        }
        CursorPosition cursor = answer(store.cursors().commit(READER, topic, last));
        text("%s committed position %,d and is %,d behind the head; it goes on with:"
                .formatted(READER, cursor.position(), cursor.lag()));
        print(ReadOptions.builder().cursor(READER).limit(2).build());
    }

    private void tailLive(List<Event> events) throws Exception {
        scene("Tail live while somebody else appends");
        ReadOptions fromHere =
                ReadOptions.builder().after(LOADED_FIRST).follow().build();
        try (EventStream tail = store.open(topic, fromHere)) {
            for (Event event : events) {
                long sentNs = System.nanoTime();
                AppendResult appended = answer(store.append(topic, event));
                RecordedEvent seen = tail.poll(LIVE_PATIENCE)
                        .orElseThrow(() -> new IllegalStateException("the event did not arrive"));
                print(seen, "  %.0f ms after it was sent".formatted((System.nanoTime() - sentNs) / 1e6));
                assert seen.position() == appended.first();
            }
        }
    }

    private Optional<String> goOnWithoutTheLeader(List<Event> events) throws Exception {
        ClusterStatus status = answer(store.cluster());
        String leader = status.leader().orElse("");
        String why = reasonNotToKill(status, leader);
        scene(why.isEmpty() ? "Kill the leader " + leader + " with SIGKILL and go on appending" : "Go on appending");
        DemoAppend append = new DemoAppend(store, topic, progress(events.size()));
        int half = events.size() / 2;
        append.send(events.subList(0, half));
        if (why.isEmpty()) {
            nodes.kill(leader);
            text(console.styled(Style.RED, leader + " is dead"));
        } else {
            text(why);
        }
        append.send(events.subList(half, events.size()));
        append.finish();
        text("%,d of %,d appends acknowledged; the longest pause was %.1f s"
                .formatted(append.acknowledged(), events.size(), append.longestPauseSeconds()));
        if (!why.isEmpty()) {
            return Optional.empty();
        }
        text("the new leader is " + answer(store.cluster()).leader().orElse("not known yet"));
        return Optional.of(leader);
    }

    private String reasonNotToKill(ClusterStatus status, String leader) {
        if (!mayKill) {
            return "no node is killed, as asked for";
        }
        if (status.nodes().size() < 3) {
            return "no node is killed: a cluster of " + status.nodes().size() + " can't do without one";
        }
        boolean allThere = status.nodes().stream().allMatch(node -> node.reachable());
        if (!allThere) {
            return "no node is killed: one is missing already";
        }
        return nodes.canKill(leader) ? "" : "no node is killed: their processes are not known here";
    }

    private boolean proveNothingLost(List<Event> sent) {
        scene("Prove that nothing acknowledged was lost: read all back and compare");
        Checksum sentSum = new Checksum();
        sent.forEach(sentSum::add);
        Checksum readSum = new Checksum();
        boolean isDense = true;
        try (EventStream events = store.open(topic, ReadOptions.ALL)) {
            while (events.hasNext()) {
                RecordedEvent event = events.next();
                readSum.add(event.event());
                isDense &= event.position() == readSum.count();
            }
        }
        String sentHex = sentSum.hex();
        String readHex = readSum.hex();
        text("acknowledged  %,d events  sha256 %s".formatted(sentSum.count(), sentHex.substring(0, 32)));
        text("read back     %,d events  sha256 %s".formatted(readSum.count(), readHex.substring(0, 32)));
        boolean complete = isDense && sentHex.equals(readHex);
        text(
                complete
                        ? console.styled(Style.GREEN, "the same: nothing lost, nothing twice, in order, without a gap")
                        : console.styled(Style.RED, "NOT the same: this is a bug"));
        return complete;
    }

    private void bringBack(String node) throws InterruptedException {
        scene("Bring " + node + " back");
        long startedNs = System.nanoTime();
        if (nodes.restart(node, store)) {
            text("%s is ready and caught up after %.1f s".formatted(node, (System.nanoTime() - startedNs) / 1e9));
        } else {
            text(
                    "it did not come back here in time; where 'up' runs is said why, and a restart of 'up' brings it back");
        }
    }

    private Runnable progress(int total) {
        List<Integer> count = new ArrayList<>(List.of(0));
        return () -> {
            int now = count.get(0) + 1;
            count.set(0, now);
            if (now % 50 == 0) {
                console.progress("  " + now + " of " + total);
            }
        };
    }

    private void scene(String title) {
        console.line("");
        console.line(console.styled(Style.BOLD, title));
        console.flush();
    }

    private void text(String text) {
        console.line("  " + text);
        console.flush();
    }

    private void print(ReadOptions options) {
        try (EventStream events = store.open(topic, options)) {
            events.forEachRemaining(event -> print(event, ""));
        }
    }

    private void print(RecordedEvent recorded, String more) {
        Event event = recorded.event();
        text("%,6d  %s  %-2s  %-50s%s"
                .formatted(
                        recorded.position(),
                        event.time().map(Times::shortened).orElse("-"),
                        event.key(),
                        DemoData.text(event),
                        more)
                .stripTrailing());
    }
}
