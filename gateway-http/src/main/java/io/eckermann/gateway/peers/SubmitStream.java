package io.eckermann.gateway.peers;

import com.google.protobuf.ByteString;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.internal.v1.Outcome;
import io.eckermann.protocol.internal.v1.PeersGrpc;
import io.eckermann.protocol.internal.v1.Submission;
import io.eckermann.statemachine.command.CommandCodec;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One stream of numbered submissions to one node. Nothing is sent before the other side has said that it listens
 * (outcome 0): so what breaks earlier was certainly not done, and what breaks later has an unknown outcome.
 *
 * <p>Threads: any may submit; outcomes come on gRPC's.
 */
final class SubmitStream implements StreamObserver<Outcome> {
    static final int BYTES_IN_FLIGHT_MAX = 32 << 20;
    static final int IN_FLIGHT_MAX = 8_192;

    private final String nodeId;
    private final int shard;

    /** Under the lock of this object, from here on. */
    private final Map<Long, Handed> pending = new LinkedHashMap<>();

    private @Nullable StreamObserver<Submission> requests;
    private long lastNumber;
    private long bytesInFlight;
    private boolean listening;
    private boolean over;

    /** A submission on its way. */
    final class Handed {
        private final long number;
        private final Submission submission;
        private final CompletableFuture<Result> result = new CompletableFuture<>();

        private Handed(long number, Submission submission) {
            this.number = number;
            this.submission = submission;
        }

        CompletableFuture<Result> result() {
            return result;
        }

        /** Takes it back if it has not been sent; false: it has. */
        boolean withdraw() {
            synchronized (SubmitStream.this) {
                return !listening && remove(number) != null;
            }
        }
    }

    private SubmitStream(String nodeId, int shard) {
        this.nodeId = nodeId;
        this.shard = shard;
    }

    /** Opens a stream; the connection may come about later. */
    static SubmitStream open(String nodeId, PeerChannels channels, int shard) {
        SubmitStream stream = new SubmitStream(nodeId, shard);
        channels.reconnect(nodeId);
        PeersGrpc.PeersStub peer = PeersGrpc.newStub(channels.channel(nodeId));
        // Many callers share it: within the context of the first one's call it would be cancelled when that is
        // answered.
        Context callers = Context.ROOT.attach();
        StreamObserver<Submission> requests;
        try {
            requests = peer.submit(stream);
        } finally {
            Context.ROOT.detach(callers);
        }
        synchronized (stream) {
            stream.requests = requests;
        }
        return stream;
    }

    /** Whether it ended; another one must be opened then. */
    synchronized boolean isOver() {
        return over;
    }

    /** Fails with NOT_LEADER when it was not sent, LEADER_CHANGED when that is unknown, else as the other node says. */
    Handed submit(Operation operation) {
        // Outside of the lock, as it copies the events.
        return submit(CommandCodec.encode(operation));
    }

    private synchronized Handed submit(ByteString operation) {
        Submission submission = Submission.newBuilder()
                .setNumber(++lastNumber)
                .setOperation(operation)
                .setShard(shard)
                .build();
        Handed handed = new Handed(lastNumber, submission);
        int bytes = operation.size();
        if (over) {
            handed.result.completeExceptionally(notSent());
        } else if (pending.size() >= IN_FLIGHT_MAX || bytesInFlight + bytes > BYTES_IN_FLIGHT_MAX) {
            handed.result.completeExceptionally(new StoreException(
                            ErrorCode.OVERLOADED, "Too many writes are on their way to the leader; try again shortly.")
                    .with("leader", nodeId));
        } else {
            pending.put(handed.number, handed);
            bytesInFlight += bytes;
            if (listening) {
                send(handed);
            }
        }
        return handed;
    }

    @Override
    public void onNext(Outcome outcome) {
        if (outcome.getNumber() == 0) {
            listen();
            return;
        }
        Handed handed;
        synchronized (this) {
            handed = remove(outcome.getNumber());
        }
        if (handed == null) {
            return;
        }
        if (outcome.hasResult()) {
            try {
                handed.result.complete(CommandCodec.decodeResult(outcome.getResult()));
            } catch (StoreException e) {
                handed.result.completeExceptionally(e);
            }
        } else {
            handed.result.completeExceptionally(Problems.decode(outcome.getProblem()));
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
    }

    private synchronized void listen() {
        listening = true;
        pending.values().forEach(this::send);
    }

    private void send(Handed handed) {
        Objects.requireNonNull(requests).onNext(handed.submission);
    }

    private @Nullable Handed remove(long number) {
        Handed handed = pending.remove(number);
        if (handed != null) {
            bytesInFlight -= handed.submission.getOperation().size();
        }
        return handed;
    }

    private void end() {
        List<Handed> left;
        boolean sent;
        synchronized (this) {
            over = true;
            sent = listening;
            left = new ArrayList<>(pending.values());
            pending.clear();
            bytesInFlight = 0;
        }
        for (Handed handed : left) {
            handed.result.completeExceptionally(sent ? unknown() : notSent());
        }
    }

    private StoreException notSent() {
        return new StoreException(ErrorCode.NOT_LEADER, "The leader could not be reached.").with("leader", nodeId);
    }

    private StoreException unknown() {
        return new StoreException(
                        ErrorCode.LEADER_CHANGED,
                        "The leader was lost while the write was under way; retry it with the same producer sequence.")
                .with("leader", nodeId);
    }
}
