package io.eckermann.bench.raw;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/** Keeps a number of entries in flight in the leader's own process, by one thread, and times each. */
final class RawRatisLoad {
    private static final int SAMPLES_MAX = 1 << 20;
    private static final int PAYLOADS = 4;
    private static final ClientId CLIENT = ClientId.randomId();
    private static final AtomicLong CALLS = new AtomicLong();

    private final RaftServer.Division division;
    private final RaftClientAsynchronousProtocol protocol;
    private final int entryBytes;
    private final int inFlight;
    private final Message[] payloads = new Message[PAYLOADS];
    private final long[] nanos = new long[SAMPLES_MAX];
    private final AtomicInteger samples = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    RawRatisLoad(RaftServer.Division division, int entryBytes, int inFlight) {
        this.division = division;
        this.protocol = (RaftClientAsynchronousProtocol) division;
        this.entryBytes = entryBytes;
        this.inFlight = inFlight;
        Random random = new Random(1);
        for (int i = 0; i < PAYLOADS; i++) {
            byte[] bytes = new byte[entryBytes];
            random.nextBytes(bytes);
            payloads[i] = Message.valueOf(UnsafeByteOperations.unsafeWrap(bytes));
        }
    }

    RawRatisFigures run(Duration duration) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        if (inFlight == 1) {
            runAlone(end);
        } else {
            runMany(end);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IOException("an entry was not committed", failed);
        }
        return RawRatisFigures.of(entryBytes, inFlight, seconds, Arrays.copyOf(nanos, samples.get()));
    }

    /** As a synchronous caller: the way back to its thread counts. */
    private void runAlone(long end) throws IOException {
        for (long now = System.nanoTime(); now < end && samples.get() < SAMPLES_MAX; now = System.nanoTime()) {
            finish(propose().join(), null);
            nanos[samples.getAndIncrement()] = System.nanoTime() - now;
        }
    }

    private void runMany(long end) throws IOException, InterruptedException {
        Semaphore slots = new Semaphore(inFlight);
        for (int i = 0; System.nanoTime() < end && i < SAMPLES_MAX; i++) {
            slots.acquire();
            long proposedAt = System.nanoTime();
            CompletableFuture<?> unused = propose().whenComplete((reply, failed) -> {
                nanos[samples.getAndIncrement()] = System.nanoTime() - proposedAt;
                finish(reply, failed);
                slots.release();
            });
        }
        slots.acquire(inFlight);
    }

    private CompletableFuture<RaftClientReply> propose() throws IOException {
        long call = CALLS.incrementAndGet();
        return protocol.submitClientRequestAsync(RaftClientRequest.newBuilder()
                .setClientId(CLIENT)
                .setServerId(division.getId())
                .setGroupId(division.getMemberId().getGroupId())
                .setCallId(call)
                .setMessage(payloads[(int) (call % PAYLOADS)])
                .setType(RaftClientRequest.writeRequestType())
                .build());
    }

    private void finish(@Nullable RaftClientReply reply, @Nullable Throwable failed) {
        if (failed != null) {
            failure.compareAndSet(null, failed);
        } else if (reply != null && !reply.isSuccess()) {
            failure.compareAndSet(null, reply.getException());
        }
    }
}
