package io.eckermann.bench.system;

import io.eckermann.client.ClusterStatus;
import io.eckermann.client.Consistency;
import io.eckermann.client.EventStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** A cluster of Eckermann that runs somewhere: what can be done knowing its addresses. */
class EckermannEndpoints implements RunningSystem {
    private static final int AT_ONCE = 512;

    private final List<String> grpc;
    private final List<String> http;
    private final EventStore store;
    private final List<String> created = new ArrayList<>();
    private long firstTerm = -1;
    private boolean deletesTopics;

    /** The HTTP addresses may be empty; then nothing is read over HTTP. */
    EckermannEndpoints(List<String> grpc, List<String> http) {
        this.grpc = List.copyOf(grpc);
        this.http = List.copyOf(http);
        this.store = EventStore.builder().endpoints(grpc).build();
    }

    @Override
    public List<Long> pids() {
        return List.of();
    }

    @Override
    public List<String> figures() {
        return http;
    }

    @Override
    public void createTopics(List<String> topics) throws Exception {
        created.addAll(topics);
        some(topics, topic -> store.topics().create(topic));
    }

    @Override
    public Connection connect(Tuning tuning) {
        return new EckermannConnection(grpc, http);
    }

    @Override
    public long count(String topic) throws Exception {
        return store.topics().head(topic, Consistency.LINEARIZABLE).get().head();
    }

    @Override
    public long count(List<String> topics) throws Exception {
        LongAdder events = new LongAdder();
        some(
                topics,
                topic -> store.topics()
                        .head(topic, Consistency.LINEARIZABLE)
                        .thenAccept(head -> events.add(head.head())));
        return events.sum();
    }

    @Override
    public int leaderOf(String topic) throws Exception {
        throw new UnsupportedOperationException("This cluster was not started here.");
    }

    @Override
    public void kill(int node) throws Exception {
        throw new UnsupportedOperationException("This cluster was not started here.");
    }

    @Override
    public long elections() throws Exception {
        return firstTerm < 0 ? -1 : status().term() - firstTerm;
    }

    @Override
    public void close() {
        try (store) {
            if (deletesTopics) {
                some(created, topic -> store.topics().delete(topic));
            }
        } catch (ExecutionException e) {
            System.err.println("Not all topics of the measurement could be deleted: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    final void deleteTopicsAtClose() {
        deletesTopics = true;
    }

    /** Does it to all, some at once. */
    private static void some(List<String> topics, Function<String, CompletableFuture<?>> act)
            throws ExecutionException, InterruptedException {
        for (int i = 0; i < topics.size(); i += AT_ONCE) {
            List<String> next = topics.subList(i, Math.min(i + AT_ONCE, topics.size()));
            CompletableFuture.allOf(next.stream().map(act).toArray(CompletableFuture<?>[]::new))
                    .get();
        }
    }

    final void rememberTerm() throws ExecutionException, InterruptedException {
        firstTerm = status().term();
    }

    final ClusterStatus status() throws ExecutionException, InterruptedException {
        return store.cluster().get();
    }
}
