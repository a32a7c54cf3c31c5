package io.eckermann.gateway.node;

import io.eckermann.protocol.v1.BackupsGrpc;
import io.eckermann.protocol.v1.CopyData;
import io.eckermann.protocol.v1.CopyFile;
import io.eckermann.protocol.v1.CopyList;
import io.eckermann.protocol.v1.CopyPart;
import io.eckermann.protocol.v1.CopyRequest;
import io.eckermann.protocol.v1.CopyStart;
import io.eckermann.protocol.v1.CopyWanted;
import io.eckermann.raftlog.restore.Bound;
import io.eckermann.raftlog.restore.NewBeginning;
import io.eckermann.statemachine.storage.DurableFiles;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A copy of a node's state as who keeps backups takes it: of segments that are there already nothing is fetched. */
final class TakenCopy {
    /** With {@code K/base} for each shard. */
    private final Path directory;
    /** Files of segments that were sent, by name; of the last copy. */
    private volatile Set<String> segmentsSent = Set.of();

    TakenCopy(Path directory) {
        this.directory = directory;
    }

    /** Takes it; what was there of an earlier one and is not in this one goes. */
    CopyList fetch(ManagedChannel node) throws Exception {
        Call call = new Call();
        call.requests = BackupsGrpc.newStub(node).copy(call);
        call.requests.onNext(CopyRequest.newBuilder()
                .setStart(CopyStart.getDefaultInstance())
                .build());
        call.done.get(60, TimeUnit.SECONDS);
        CopyList list = call.list;
        Set<Path> offered = new HashSet<>();
        list.getFilesList().forEach(file -> offered.add(place(file)));
        for (int shard = 0; shard < list.getShardsCount(); shard++) {
            for (Path file : DurableFiles.list(FoundedDirectory.base(directory, shard))) {
                if (!offered.contains(file)) {
                    Files.delete(file);
                }
            }
        }
        return list;
    }

    Set<String> segmentsSent() {
        return segmentsSent;
    }

    /** Has a node's data made of it. */
    List<NewBeginning.Outcome> restore(TestCluster fresh, String node) throws Exception {
        Path root = Files.createDirectories(fresh.dataDirectory(node));
        Path files = root.resolve("restoring");
        for (Path shard : DurableFiles.list(directory)) {
            Path base =
                    Files.createDirectories(files.resolve(shard.getFileName()).resolve("base"));
            for (Path file : DurableFiles.list(shard.resolve("base"))) {
                Files.copy(file, base.resolve(file.getFileName()));
            }
        }
        return FoundedDirectory.ofBackup(root, files, Bound.NONE, fresh.config(node));
    }

    private Path place(CopyFile file) {
        return FoundedDirectory.base(directory, file.getShard()).resolve(file.getName());
    }

    private final class Call implements StreamObserver<CopyPart> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private @Nullable StreamObserver<CopyRequest> requests;
        private volatile CopyList list = CopyList.getDefaultInstance();

        @Override
        public void onNext(CopyPart part) {
            if (part.hasData()) {
                write(part.getData());
                return;
            }
            list = part.getList();
            Set<String> segments = new HashSet<>();
            CopyWanted.Builder wanted = CopyWanted.newBuilder().setBytesPerSecond(50 << 20);
            for (int i = 0; i < list.getFilesCount(); i++) {
                CopyFile file = list.getFiles(i);
                if (file.getMark().isEmpty() || !Files.exists(place(file))) {
                    clear(place(file));
                    wanted.addFiles(i);
                    if (!file.getMark().isEmpty()) {
                        segments.add(file.getName());
                    }
                }
            }
            segmentsSent = Set.copyOf(segments);
            StreamObserver<CopyRequest> answer = Objects.requireNonNull(requests);
            answer.onNext(CopyRequest.newBuilder().setWanted(wanted).build());
            answer.onCompleted();
        }

        private void clear(Path file) {
            try {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void write(CopyData data) {
            try (OutputStream out = Files.newOutputStream(
                    place(list.getFiles(data.getFile())), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                data.getData().writeTo(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            done.complete(null);
        }
    }
}
