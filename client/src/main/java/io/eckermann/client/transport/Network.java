package io.eckermann.client.transport;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.Limits;
import io.eckermann.protocol.v1.BackupsGrpc;
import io.eckermann.protocol.v1.ClusterGrpc;
import io.eckermann.protocol.v1.ClusterView;
import io.eckermann.protocol.v1.ConsumeRequest;
import io.eckermann.protocol.v1.ConsumersGrpc;
import io.eckermann.protocol.v1.GetClusterRequest;
import io.eckermann.protocol.v1.LogGrpc;
import io.eckermann.protocol.v1.NodeView;
import io.eckermann.protocol.v1.ReadFrame;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.wire.SlicingMarshaller;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The nodes as this client knows them: their addresses, a channel to each, who leads, and who failed lately. Configured
 * nodes come first, those learnt from them after. Any thread may call.
 */
public final class Network implements AutoCloseable {
    private static final long AVOID_NS = TimeUnit.SECONDS.toNanos(2);
    private static final Duration ASK_LEADER = Duration.ofSeconds(2);
    /** What was a node's address may be nobody's by now, and say nothing; then there is time to try another node. */
    private static final int CONNECT_MS_MAX = 2_000;

    private static final int METADATA_BYTES_MAX = 128 << 10;
    private static final int FLOW_WINDOW_BYTES = 1 << 20;
    private static final MethodDescriptor<ReadRequest, ReadFrame> READ =
            SlicingMarshaller.answers(LogGrpc.getReadMethod());

    private final Threads threads = Threads.acquire();
    private final AtomicBoolean released = new AtomicBoolean();
    /** What an append stream brings is quickly dealt with: one change of threads less for each answer. */
    private final CallOptions onTransport = CallOptions.DEFAULT.withExecutor(threads::onTransport);

    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Map<String, Long> failedAtNs = new ConcurrentHashMap<>();
    private final List<String> configured;
    /** Configured, then learnt; guarded by itself. */
    private final Set<String> addresses;

    private final MemberNews news = new MemberNews(System::nanoTime);
    private final Encryption encryption;

    private final Leaders leaders = new Leaders();
    private final Doubts doubts = new Doubts(this::connect);
    private volatile boolean closed;

    public Network(List<String> endpoints, Encryption encryption) {
        this.encryption = encryption;
        this.configured = List.copyOf(endpoints);
        this.addresses = new LinkedHashSet<>(endpoints);
    }

    /** Runs callbacks; tasks may block. */
    public Executor workers() {
        return task -> {
            try {
                threads.workers.execute(task);
            } catch (RejectedExecutionException e) {
                // The client is closed: what remains is run by whoever brought it, so that no future stays open.
                task.run();
            }
        };
    }

    /** Runs the task on a worker after a delay; false when the client is closed, and it never will. */
    public boolean after(long delayMs, Runnable task) {
        if (closed) {
            return false;
        }
        try {
            ScheduledFuture<?> unused =
                    threads.timer.schedule(() -> workers().execute(task), delayMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Every known node, the one to try first in front: those that failed lately come last. */
    public List<String> candidates() {
        List<String> good = new ArrayList<>();
        List<String> bad = new ArrayList<>();
        long now = System.nanoTime();
        synchronized (addresses) {
            for (String address : addresses) {
                (failedLately(address) ? bad : good).add(address);
            }
        }
        bad.sort((a, b) -> Long.compare(failedAtNs.getOrDefault(a, now) - now, failedAtNs.getOrDefault(b, now) - now));
        good.addAll(bad);
        if (!closed && news.isDue()) {
            hearNews(good.get(0));
        }
        return good;
    }

    /** Nodes come and go: whoever only asks single things would else know those alone that it began with. */
    private void hearNews(String node) {
        CompletableFuture<ClusterView> unused = cluster(node, "").whenComplete((view, error) -> {
            if (error == null) {
                learn(view);
                if (leaders.areSeveral()) { // they move from time to time, so that they are spread
                    leaders.learn(view, "");
                }
            }
        });
    }

    private boolean failedLately(String address) {
        Long failed = failedAtNs.get(address);
        return failed != null && System.nanoTime() - failed < AVOID_NS;
    }

    /** Whether it can be reached as far as is known; not so while a connection is tried that was not made yet. */
    private boolean isConnected(String address) {
        ManagedChannel channel = channels.get(address);
        if (channel == null) {
            return false;
        }
        ConnectivityState state = channel.getState(false);
        return state == ConnectivityState.READY || state == ConnectivityState.IDLE;
    }

    /** Remembers that a node did not answer: others are preferred for a while. */
    public void failed(String address) {
        failedAtNs.put(address, System.nanoTime());
        news.wanted();
        forgetLeader(address);
    }

    public void worked(String address) {
        failedAtNs.remove(address);
    }

    /** The address was not the leader's, or did not answer. */
    public void forgetLeader(String address) {
        leaders.forget(address);
    }

    /**
     * Where a topic's appends go: to the leader itself, or to a node that reaches it when this client just did not. Asks
     * node after node when it is not known. Fails with NO_LEADER when none says.
     */
    public CompletableFuture<String> leader(String topic) {
        String known = leaders.of(topic);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<String> found = new CompletableFuture<>();
        askLeader(topic, candidates(), 0, null, found);
        return found;
    }

    /** Whether another node than this one is known to lead the topic's shard by now. Asks from time to time. */
    public boolean hasMoved(String topic, String address) {
        if (!leaders.areSeveral()) {
            return false;
        }
        if (!closed && news.isDue()) {
            hearNews(address);
        }
        String known = leaders.of(topic);
        return known != null && !known.equals(address);
    }

    private void askLeader(
            String topic, List<String> nodes, int next, @Nullable Failure last, CompletableFuture<String> answer) {
        if (next == nodes.size()) {
            Failure none = Failure.of(
                            ErrorCode.NO_LEADER,
                            "No node of " + nodes + " names a leader: an election, or no majority.")
                    .with("nodes", nodes);
            answer.completeExceptionally(new FailedException(last == null ? none : none.with("last", last.message())));
            return;
        }
        String node = nodes.get(next);
        CompletableFuture<ClusterView> asked;
        try {
            asked = cluster(node, topic);
        } catch (FailedException e) {
            answer.completeExceptionally(e);
            return;
        }
        CompletableFuture<ClusterView> unused = asked.whenComplete((view, error) -> {
            if (error != null) {
                Failure failure = Failure.of(unwrap(error));
                if (failure.is(ErrorCode.UNAUTHENTICATED)) {
                    // So will all the others say.
                    answer.completeExceptionally(new FailedException(failure));
                    return;
                }
                failed(node);
                askLeader(topic, nodes, next + 1, failure, answer);
                return;
            }
            worked(node);
            learn(view);
            String found = Leaders.in(view);
            if (found == null) {
                askLeader(topic, nodes, next + 1, last, answer);
            } else if (failedLately(found) && !isConnected(found)) {
                // Its address may be an old one. The node that knows it better takes requests for it.
                answer.complete(node);
            } else {
                leaders.learn(view, topic);
                answer.complete(found);
            }
        });
    }

    /** One node's view of the cluster, with the shard of a topic; an empty one stands for none. */
    private CompletableFuture<ClusterView> cluster(String node, String topic) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(ASK_LEADER.toMillis(), TimeUnit.MILLISECONDS);
        GetClusterRequest request =
                GetClusterRequest.newBuilder().setTopic(topic).build();
        return Calls.single(channel(node), ClusterGrpc.getGetClusterMethod(), request, options);
    }

    /** Takes in which nodes there are, and forgets those that there are no longer. */
    void learn(ClusterView view) {
        boolean hasLeader = false;
        Set<String> told = new LinkedHashSet<>(configured);
        for (NodeView node : view.getNodesList()) {
            if (!node.getGrpcAddress().isEmpty()) {
                told.add(node.getGrpcAddress());
                if (node.getId().equals(view.getLeader())) {
                    hasLeader = true;
                }
            }
        }
        synchronized (addresses) {
            addresses.addAll(told);
            if (hasLeader) { // else it may be cut off, and have heard of no change
                addresses.retainAll(told);
                failedAtNs.keySet().retainAll(addresses);
            }
        }
        if (hasLeader) {
            dropOthers(told);
        }
    }

    /** What is under way on their channels goes on until it ends. */
    private void dropOthers(Set<String> told) {
        for (String address : List.copyOf(channels.keySet())) {
            ManagedChannel dropped = told.contains(address) ? null : channels.remove(address);
            if (dropped != null) {
                dropped.shutdown();
            }
        }
    }

    /** Opens an append stream to a node; connects when needed. */
    public AppendPipe openAppends(String address, AppendPipe.Results results) {
        AppendPipe pipe = new AppendPipe(address, results);
        pipe.onSent(new PipeWatch(pipe, this)::sent);
        ClientCalls.asyncBidiStreamingCall(
                channel(address).newCall(LogGrpc.getAppendStreamMethod(), onTransport), pipe.observer());
        return pipe;
    }

    /**
     * A node owes a pipe answers and says nothing: whether it is there. If not, the pipe is told, and whatever comes goes by
     * another connection; calls that wait on this one end with their own time.
     */
    CompletableFuture<Boolean> doubt(AppendPipe pipe) {
        if (closed) {
            return CompletableFuture.completedFuture(true);
        }
        String address = pipe.address();
        ManagedChannel doubted = channels.get(address);
        return doubts.isThere(address).thenApply(there -> {
            if (!there && !closed) {
                if (doubted != null && channels.remove(address, doubted)) {
                    doubted.shutdown();
                }
                pipe.lost(Failure.unreached("it stopped answering"));
            }
            return there;
        });
    }

    /** Opens a read on a node; frames come as they are requested. */
    public ReadCall openRead(String address, ReadRequest request, ReadCall.Frames frames) {
        ReadCall call = new ReadCall(address, frames);
        ClientCalls.asyncServerStreamingCall(
                channel(address).newCall(READ, CallOptions.DEFAULT), request, call.observer());
        return call;
    }

    /** Opens a consumer's call on a node and sends its first request. */
    public ConsumeCall openConsume(String address, ConsumeRequest first, ConsumeCall.Frames frames) {
        ConsumeCall call = new ConsumeCall(address, frames);
        ClientCalls.asyncBidiStreamingCall(
                channel(address).newCall(ConsumersGrpc.getConsumeMethod(), CallOptions.DEFAULT), call.observer());
        call.send(first);
        return call;
    }

    /** Opens a copy of a node's state. */
    public CompletableFuture<Void> openCopy(String address, CopyStream.Parts parts) {
        CopyStream copy = new CopyStream(parts);
        ClientCalls.asyncBidiStreamingCall(
                channel(address).newCall(BackupsGrpc.getCopyMethod(), CallOptions.DEFAULT), copy);
        copy.start();
        return copy.done();
    }

    /** The channel to a node; made when first asked for. */
    ManagedChannel channel(String address) {
        if (closed) {
            throw new FailedException(closedFailure());
        }
        ManagedChannel channel = channels.computeIfAbsent(address, this::connect);
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            // gRPC's own pauses grow to minutes; ours are the ones that count.
            channel.resetConnectBackoff();
        }
        return channel;
    }

    static Failure closedFailure() {
        return new Failure(ErrorCode.NOT_READY.name(), "This client is closed.", Map.of(), false, false, false, null);
    }

    private ManagedChannel connect(String address) {
        return NettyChannelBuilder.forTarget("dns:///" + address, encryption.credentials())
                .eventLoopGroup(threads.io())
                .channelType(NioSocketChannel.class)
                .executor(workers())
                .offloadExecutor(workers())
                .intercept(encryption.interceptors(address))
                .intercept(new OwnContext())
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS_MAX)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .flowControlWindow(FLOW_WINDOW_BYTES)
                .maxInboundMessageSize(Limits.GRPC_MESSAGE_BYTES_MAX)
                // A refusal tells of every condition that does not hold, with its topic's name.
                .maxInboundMetadataSize(METADATA_BYTES_MAX)
                .disableRetry()
                .build();
    }

    /** The failure itself, without what a future wraps around it. */
    public static Throwable unwrap(Throwable error) {
        return error instanceof java.util.concurrent.CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
    }

    @Override
    public void close() {
        closed = true;
        channels.values().forEach(ManagedChannel::shutdownNow);
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        for (ManagedChannel channel : channels.values()) {
            try {
                channel.awaitTermination(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (released.compareAndSet(false, true)) {
            threads.release();
        }
    }
}
