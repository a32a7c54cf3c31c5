package io.eckermann.chaos.workload;

import io.eckermann.chaos.cluster.Server;
import io.eckermann.chaos.cluster.Servers;
import io.eckermann.chaos.gen.Choices;
import io.eckermann.chaos.history.History;
import io.eckermann.chaos.host.Patience;
import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/** All workloads of a run, with their threads and clients. */
public final class Load implements AutoCloseable {
    /**
     * Longer than an election, so that most calls end well, and shorter than most faults. And shorter than acks may take to come
     * back, as nothing else tells a client of a leader that is silent to all.
     */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

    /** Who is not ready so long after the last fault has nothing to say. */
    private static final Duration READY = Duration.ofSeconds(15);

    private final Servers servers;
    private final History history;
    private final long seed;
    private final Duration pause;
    private final List<Workload> workloads;
    private final List<Thread> threads = new ArrayList<>();
    private final List<EventStore> clients = new ArrayList<>();
    private volatile boolean stopping;

    /** @param pause how long each thread rests between two calls */
    public Load(Servers servers, History history, long seed, Duration pause, List<Workload> workloads) {
        this.servers = servers;
        this.history = history;
        this.seed = seed;
        this.pause = pause;
        this.workloads = List.copyOf(workloads);
    }

    public void prepare() throws Exception {
        try (EventStore store = servers.client(1, Duration.ofSeconds(30))) {
            for (Workload workload : workloads) {
                workload.prepare(store);
            }
        }
    }

    /** Every thread begins. */
    public void start() {
        int number = 0;
        for (Workload workload : workloads) {
            // One client for each begins with another node, so that all nodes are asked.
            List<EventStore> own = new ArrayList<>();
            for (Server server : servers.all()) {
                own.add(servers.client(server.number(), REQUEST_TIMEOUT));
            }
            clients.addAll(own);
            for (Workload.Turn turn : workload.turns()) {
                String name = workload.name() + " " + number;
                Caller caller = new Caller(history, own.get(number % own.size()), Choices.of(seed, name));
                Thread thread = new Thread(() -> run(turn, caller), name);
                thread.setDaemon(true);
                threads.add(thread);
                number++;
            }
        }
        threads.forEach(Thread::start);
    }

    private void run(Workload.Turn turn, Caller caller) {
        while (!stopping) {
            try {
                turn.take(caller);
                Patience.rest(pause);
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                if (!stopping) {
                    history.nemesis("harness-error", e.toString());
                }
            }
        }
    }

    /** Lets every thread finish what it is at. */
    public void stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(REQUEST_TIMEOUT.multipliedBy(3).toMillis());
            thread.interrupt();
        }
    }

    /** When all nodes are well: brings to an end what must have one, and asks every node for all that it holds. */
    public void drain(Path directory) throws Exception {
        if (!servers.awaitReady(READY)) {
            history.nemesis("final-read-failed", List.of("all", "every topic", "not every node is ready"));
            return;
        }
        try (EventStore store = servers.client(1, Duration.ofSeconds(30))) {
            Caller caller = new Caller(history, store, Choices.of(seed, "drain"));
            for (Workload workload : workloads) {
                drain(workload, caller, directory);
            }
        }
    }

    /** What is gone can't be asked for; that is for the checkers to say. */
    private void drain(Workload workload, Caller caller, Path directory) throws Exception {
        try {
            workload.drain(caller);
            for (String topic : workload.topics()) {
                long head = caller.store()
                        .topics()
                        .head(topic, Consistency.LINEARIZABLE)
                        .join()
                        .head();
                history.nemesis("final-head", List.of(topic, head));
                for (Server server : servers.all()) {
                    keep(server, topic, head, directory);
                }
            }
        } catch (CompletionException e) {
            history.nemesis("final-read-failed", List.of("all", workload.name(), String.valueOf(e.getMessage())));
        }
    }

    private void keep(Server server, String topic, long head, Path directory) throws Exception {
        Path file = Files.createDirectories(directory.resolve(server.id())).resolve(topic + ".ndjson");
        try (InputStream events = servers.events(server, topic, head)) {
            Files.copy(events, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (java.io.IOException e) {
            history.nemesis("final-read-failed", List.of(server.id(), topic, String.valueOf(e.getMessage())));
        }
    }

    /** The workloads, for people. */
    public List<String> names() {
        return workloads.stream().map(Workload::name).toList();
    }

    @Override
    public void close() {
        stopping = true;
        clients.forEach(EventStore::close);
    }
}
