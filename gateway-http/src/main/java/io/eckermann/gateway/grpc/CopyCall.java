package io.eckermann.gateway.grpc;

import com.google.protobuf.UnsafeByteOperations;
import io.eckermann.gateway.peers.SendingGate;
import io.eckermann.gateway.peers.SentFile;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.eckermann.protocol.v1.CopyWanted;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One copy on its way: the list, then what is wanted of it. Requests come one at a time; one thread sends. */
final class CopyCall implements StreamObserver<CopyRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(CopyCall.class);
    /** The receiver looks through what it has. */
    private static final long CHOICE_MINUTES = 10;

    private final BackupsService service;
    private final ServerCallStreamObserver<CopyPart> observer;
    private final CompletableFuture<CopyWanted> wanted = new CompletableFuture<>();
    private volatile SendingGate<CopyPart> gate;
    private boolean started;

    CopyCall(BackupsService service, ServerCallStreamObserver<CopyPart> observer) {
        this.service = service;
        this.observer = observer;
        this.gate = new SendingGate<>(observer, 0);
        observer.setOnReadyHandler(() -> gate.changed());
        observer.setOnCancelHandler(this::cancelled);
    }

    @Override
    public void onNext(CopyRequest request) {
        if (request.hasStart() && !started) {
            started = true;
            try {
                service.run(this::send);
            } catch (StoreException e) {
                gate.fail(GrpcErrors.toStatus(e));
            }
        } else if (request.hasWanted() && started) {
            wanted.complete(request.getWanted());
        } else {
            gate.fail(GrpcErrors.toStatus(
                    new StoreException(ErrorCode.BAD_REQUEST, "A copy is started once, then files are named once.")));
        }
    }

    private void cancelled() {
        wanted.cancel(false);
        gate.changed();
    }

    @Override
    public void onError(Throwable failure) {
        cancelled();
    }

    @Override
    public void onCompleted() {
        if (!wanted.isDone()) {
            wanted.cancel(false);
        }
    }

    private void send() {
        try (PinnedCopy pinned = service.pin()) {
            List<PinnedCopy.File> files = pinned.files();
            gate.send(CopyPart.newBuilder().setList(pinned.list(files)).build(), 0);
            CopyWanted choice = wanted.get(CHOICE_MINUTES, TimeUnit.MINUTES);
            gate = new SendingGate<>(observer, Math.max(0, choice.getBytesPerSecond()));
            for (int number : choice.getFilesList()) {
                if (number < 0 || number >= files.size()) {
                    throw new StoreException(ErrorCode.BAD_REQUEST, "A file that is wanted is not in the list.")
                            .with("file", number);
                }
                send(pinned, number, files.get(number));
            }
            gate.complete();
            LOG.info(
                    "Sent {} files of a copy at Raft index {}",
                    choice.getFilesCount(),
                    pinned.at(0).index());
        } catch (IOException | RuntimeException | ExecutionException | TimeoutException e) {
            if (!observer.isCancelled() && !(e instanceof CancellationException)) {
                LOG.warn("A copy could not be sent", e);
            }
            gate.fail(GrpcErrors.toStatus(e));
        } catch (InterruptedException e) {
            gate.fail(GrpcErrors.toStatus(new StoreException(ErrorCode.NOT_READY, "The node is stopping.")));
            Thread.currentThread().interrupt();
        }
    }

    private void send(PinnedCopy pinned, int number, PinnedCopy.File file) throws IOException, InterruptedException {
        verify(pinned, file);
        SentFile.read(file.file(), new SentFile.Sink() {
            @Override
            public void part(long offset, byte[] bytes) throws InterruptedException {
                send(CopyData.newBuilder()
                        .setFile(number)
                        .setOffset(offset)
                        .setData(UnsafeByteOperations.unsafeWrap(bytes)));
            }

            @Override
            public void end(long length, int crc32c) throws InterruptedException {
                send(CopyData.newBuilder().setFile(number).setOffset(length).setFileCrc32C(crc32c));
            }
        });
    }

    private void send(CopyData.Builder data) throws InterruptedException {
        gate.send(CopyPart.newBuilder().setData(data).build(), data.getData().size());
    }

    /** What this node's disk has spoilt must not get into a backup. */
    private static void verify(PinnedCopy pinned, PinnedCopy.File file) throws IOException {
        try {
            pinned.verify(file);
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            LOG.error("A file is damaged on this node, so no copy was sent", e);
            throw new StoreException(
                            ErrorCode.DATA_CORRUPT, "A file of this node is damaged: take the copy of another.", e)
                    .with("shard", file.shard())
                    .with("file", file.name());
        }
    }
}
