package io.eckermann.client;

import io.eckermann.client.transport.AccessCalls;
import io.eckermann.client.transport.Calls;
import io.eckermann.client.transport.GroupCalls;
import io.eckermann.client.transport.Network;
import io.eckermann.client.transport.WebhookCalls;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.GetKeyRequest;
import io.eckermann.protocol.v1.ScavengeRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A connection to a cluster: the client's door. Threads are daemons and named {@code eckermann-…}; all methods may be
 * called from any thread. Futures complete on a client thread and fail with an {@link EckermannException} (as the cause
 * of {@code join()}'s CompletionException). Every call has a deadline, the {@linkplain EventStoreBuilder#requestTimeout
 * request timeout}, and is retried within it where that is safe.
 */
public final class EventStore implements AutoCloseable {
    /** Where the first node of a local cluster listens. */
    public static final String DEFAULT_ENDPOINT = "127.0.0.1:7301";

    /** Each is an append of its own, so it takes many to keep the cluster busy; the server keeps the results of more. */
    private static final int CONDITIONAL_IN_FLIGHT = Limits.PRODUCER_RESULTS_KEPT / 2;

    private final ClientConfig config;
    private final Network network;
    private final Budget budget;
    private final Map<LaneName, Lane> lanes = new ConcurrentHashMap<>();
    private final Set<ReadSession> reads = ConcurrentHashMap.newKeySet();
    private final Set<ConsumeSession> consumers = ConcurrentHashMap.newKeySet();
    private final Calls calls;
    private final Topics topics;
    private final Cursors cursors;
    private final Groups groups;
    private final Schemas schemas;
    private final Nodes nodes;
    private final Webhooks webhooks;
    private final Access access;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Appends under conditions have a lane of their own: they need not wait for others, nor others for them. */
    private record LaneName(String topic, boolean conditional) {}

    EventStore(ClientConfig config) {
        this.config = config;
        this.network = new Network(config.endpoints(), config.encryption());
        this.budget = new Budget(config.bufferBytes());
        this.calls = new Calls(network, config.requestTimeout(), config.retriesMax());
        this.topics = new RemoteTopics(calls);
        this.cursors = new RemoteCursors(calls);
        this.groups = new RemoteGroups(new GroupCalls(calls));
        this.schemas = new RemoteSchemas(calls);
        this.nodes = new Nodes(calls);
        this.webhooks = new RemoteWebhooks(new WebhookCalls(calls));
        this.access = new RemoteAccess(new AccessCalls(calls));
    }

    /**
     * Opens a client with default settings. Does not wait for a connection: the first call does.
     *
     * @param endpoints nodes to begin with, {@code host:port} separated by commas
     * @throws IllegalArgumentException when one is not host:port
     */
    public static EventStore connect(String endpoints) {
        return builder().endpoints(endpoints).build();
    }

    public static EventStoreBuilder builder() {
        return new EventStoreBuilder();
    }

    /** Appends one event. Appends of one thread to one topic are recorded in the order of the calls. */
    public CompletableFuture<AppendResult> append(String topic, Event event) {
        return append(topic, List.of(event));
    }

    /**
     * Appends events atomically, all or none, side by side: 1 to 65,536 events of together at most 2 MiB. When the
     * buffer is full it blocks like {@link Appender#append}; failures come by the future, always.
     */
    public CompletableFuture<AppendResult> append(String topic, List<Event> events) {
        return lane(topic, false).append(events, List.of());
    }

    /**
     * Appends events if all conditions hold, else fails with {@link EckermannException.ConditionFailed}. It stays by itself,
     * and has no order with this client's appends without conditions. Retries are safe: the cluster knows them by the
     * options' idempotency key, or by a producer's sequence, under which a refusal, too, is decided once. When the buffer
     * is full, and there is no key, it blocks like {@link Appender#append}.
     */
    public CompletableFuture<AppendResult> append(String topic, List<Event> events, AppendOptions options) {
        return options.hasIdempotencyKey()
                ? Failures.mapped(calls.append(options.request(topic, events, config.compression())), Wire::appended)
                : lane(topic, true).append(events, options.conditions());
    }

    /**
     * Appends to several topics and commits cursors, all or none: a step of a loop that consumes, transforms and
     * produces, done exactly once. Fails with {@link EckermannException.ConditionFailed} when a condition does not hold,
     * with {@link EckermannException.Conflict} when a cursor is elsewhere than expected. It goes on its own, not in the
     * order of the other appends of this client. Retries are safe: the step's idempotency key, or one of its own, lets the
     * cluster know them.
     */
    public CompletableFuture<StepResult> append(Step step) {
        return Failures.mapped(calls.appendMany(step.request(config.compression())), done -> StepResult.of(step, done));
    }

    /** What the topic knows of a key: for a condition on its version. */
    public CompletableFuture<KeyInfo> key(String topic, String key, Consistency consistency) {
        GetKeyRequest request = GetKeyRequest.newBuilder()
                .setTopic(topic)
                .setKey(key)
                .setConsistency(Wire.consistency(consistency))
                .build();
        return Failures.mapped(
                calls.getKey(request), found -> new KeyInfo(found.getVersion(), found.getLast(), found.getHead()));
    }

    /**
     * A page of a topic's events in the order of their business time, late ones in their place. Events that say no time are
     * left out. BAD_REQUEST when the topic {@linkplain TopicSettings#indexEventTime does not index it}.
     */
    public CompletableFuture<EventTimePage> readByEventTime(String topic, EventTimeRead read) {
        return Failures.mapped(calls.readByEventTime(read.wire(topic)), page -> Wire.page(topic, page));
    }

    /** Which parts of the index a read looks at that has this query, key and position to start after; says what it costs. */
    public CompletableFuture<Explanation> explain(String topic, ReadOptions options) {
        return Failures.mapped(calls.explain(options.explained(topic)), Explanation::of);
    }

    /** A new appender for single events, batched and pipelined; close it when done. Appenders of a topic share its order. */
    public Appender appender(String topic) {
        return lane(topic, false);
    }

    /** Reads, as {@link #read(String, ReadOptions, ReadListener)} with nobody listening. */
    public Flow.Publisher<RecordedEvent> read(String topic, ReadOptions options) {
        return read(topic, options, ReadListener.NONE);
    }

    /**
     * Reads a topic. Each subscriber starts a read of its own. Demand is honoured down to the server: what was not asked
     * for is not fetched, but for a page or two. A lost connection is replaced and the read goes on after the last event
     * received, without gap or duplicate; it fails when nothing was reachable for the request timeout; a following read
     * never gives up on lost nodes.
     */
    public Flow.Publisher<RecordedEvent> read(String topic, ReadOptions options, ReadListener listener) {
        return subscriber -> new PushedEvents(session(topic, options, listener), subscriber).start();
    }

    /** Reads by pulling; nothing is listening. Close it. */
    public EventStream open(String topic, ReadOptions options) {
        return open(topic, options, ReadListener.NONE);
    }

    /** Reads by pulling, for scripts and simple loops. Close it. */
    public EventStream open(String topic, ReadOptions options, ReadListener listener) {
        return new PulledEvents(session(topic, options, listener));
    }

    /** Reads chunks by pulling; nothing is listening. Close it. */
    public ChunkStream openChunks(String topic, ReadOptions options) {
        return openChunks(topic, options, ReadListener.NONE);
    }

    /**
     * Reads chunk by chunk, as they are stored: the fastest way to replay a topic, as events are decoded only where they
     * are asked for. Close it.
     */
    public ChunkStream openChunks(String topic, ReadOptions options, ReadListener listener) {
        return new PulledChunks(session(topic, options, listener));
    }

    /**
     * Follows a topic: from the start that {@code options} names through the past and on with what comes, whatever
     * {@code options} says about following. Reconnects by itself.
     */
    public Subscription subscribe(String topic, ReadOptions options, EventListener listener) {
        ListenerSubscription subscription = new ListenerSubscription(listener);
        read(topic, options.toBuilder().follow().build(), listener).subscribe(subscription);
        return subscription;
    }

    /**
     * Consumes a topic, Goethe's way: one event at a time, committed when the listener returns. Begins behind the
     * consumer's cursor and goes on for ever; reconnects by itself. Instances with one consumer name, also in other
     * processes, share the cursor: each event is committed once, but may be handed to several of them, and to one of
     * them again when a commit was not answered and another instance takes over.
     */
    public Subscription consume(String topic, String consumer, ConsumeListener listener) {
        return consume(topic, consumer, 0, listener);
    }

    /**
     * The same from a position on, wherever the cursor is; the first commit takes it there.
     *
     * @param from the first event's position; 0: behind the cursor
     */
    public Subscription consume(String topic, String consumer, long from, ConsumeListener listener) {
        ConsumeSession session = new ConsumeSession(topic, consumer, from, network, config, listener);
        consumers.add(session);
        CompletableFuture<Void> unused = session.done().whenComplete((done, failure) -> consumers.remove(session));
        if (closed.get()) {
            session.closed();
        }
        session.start();
        return session;
    }

    public Topics topics() {
        return topics;
    }

    public Cursors cursors() {
        return cursors;
    }

    public Groups groups() {
        return groups;
    }

    public Schemas schemas() {
        return schemas;
    }

    /** What operators do with the cluster's nodes. */
    public Nodes nodes() {
        return nodes;
    }

    public Webhooks webhooks() {
        return webhooks;
    }

    /** Who may do what. */
    public Access access() {
        return access;
    }

    /** The cluster as the first reachable node sees it; answers also when there is no leader. */
    public CompletableFuture<ClusterStatus> cluster() {
        return Failures.mapped(calls.cluster(), Wire::cluster);
    }

    /**
     * Copies what a node holds at one moment, in all shards, with everything that was acknowledged before the call: for who
     * keeps backups. Has no deadline.
     *
     * @param node id of the node to ask if it is ready; empty for any
     * @return fails with an {@link EckermannException}, or with what the receiver threw (an IOException wrapped in an
     *     UncheckedIOException)
     */
    public CompletableFuture<Void> copy(String node, CopyReceiver receiver) {
        return new Copies(calls, network).copy(node, receiver);
    }

    /**
     * Has nodes give back the space of dead events now.
     *
     * @param node its id; empty for all
     * @return the nodes that began
     */
    public CompletableFuture<List<String>> startScavenging(String node) {
        return scavenge(node, ScavengeRequest.Action.START);
    }

    /** Has nodes, as {@link #startScavenging}, leave that alone until they are told to start. */
    public CompletableFuture<List<String>> stopScavenging(String node) {
        return scavenge(node, ScavengeRequest.Action.STOP);
    }

    private CompletableFuture<List<String>> scavenge(String node, ScavengeRequest.Action action) {
        ScavengeRequest request =
                ScavengeRequest.newBuilder().setNode(node).setAction(action).build();
        return Failures.mapped(calls.scavenge(request), done -> List.copyOf(done.getNodesList()));
    }

    /**
     * Ends everything: waits for appends under way (at most the request timeout), ends reads, closes connections and
     * threads. Any number of times.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            CompletableFuture.allOf(lanes.values().stream().map(Lane::flush).toArray(CompletableFuture<?>[]::new))
                    .completeOnTimeout(null, config.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            lanes.values().forEach(Lane::close);
            reads.forEach(ReadSession::closed);
            consumers.forEach(ConsumeSession::closed);
            network.close();
        }
    }

    private ReadSession session(String topic, ReadOptions options, ReadListener listener) {
        AtomicReference<ReadSession> self = new AtomicReference<>();
        ReadSession session =
                new ReadSession(topic, options, network, config, listener, () -> reads.remove(self.get()));
        self.set(session);
        reads.add(session);
        if (closed.get()) {
            session.closed();
        }
        return session;
    }

    private TopicAppender lane(String topic, boolean conditional) {
        Lane lane = lanes.computeIfAbsent(new LaneName(topic, conditional), this::lane);
        TopicAppender appender = new TopicAppender(topic, lane, budget, config);
        if (closed.get()) {
            lane.close();
        }
        return appender;
    }

    private Lane lane(LaneName name) {
        Settlements settlements = new Settlements(budget, network.workers());
        return name.conditional()
                ? new Lane(
                        name.topic(),
                        config,
                        network,
                        settlements,
                        UUID.randomUUID().toString(),
                        CONDITIONAL_IN_FLIGHT)
                : new Lane(name.topic(), config, network, settlements, config.producerId(), config.appendsInFlight());
    }
}
