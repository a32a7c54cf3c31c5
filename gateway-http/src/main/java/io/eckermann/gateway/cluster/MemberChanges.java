package io.eckermann.gateway.cluster;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.ChangeMembersRequest;
import io.eckermann.protocol.v1.ChangeMembersResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the cluster's members on the node that leads, one change at a time, each on a thread of its own that ends with
 * it. Safe from any thread, never blocks.
 */
public final class MemberChanges {
    private static final Logger LOG = LoggerFactory.getLogger(MemberChanges.class);

    private final Steps steps;

    // Guarded by this.
    private @Nullable ChangeMembersRequest asked;
    private CompletableFuture<List<String>> underWay = CompletableFuture.completedFuture(List.of());

    /** What a change is made of. */
    @FunctionalInterface
    public interface Steps {
        /** Makes the members as asked for, however long that takes; returns their ids. Blocks. */
        List<String> make(ChangeMembersRequest request) throws Exception;
    }

    public MemberChanges(Steps steps) {
        this.steps = steps;
    }

    /** Begins, or waits for the same that is under way; fails as COMMIT_TIMED_OUT when it takes longer, and goes on. */
    CompletableFuture<ChangeMembersResponse> change(ChangeMembersRequest request, Duration timeout) {
        if (request.getAdd().isEmpty() && request.getRemove().isEmpty()) {
            throw new StoreException(ErrorCode.BAD_REQUEST, "A change adds a node, or removes one, or both.")
                    .with("field", "add");
        }
        return started(request)
                .copy()
                .thenApply(ids ->
                        ChangeMembersResponse.newBuilder().addAllMembers(ids).build())
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(inTime(request));
    }

    synchronized boolean isUnderWay() {
        return !underWay.isDone();
    }

    private static Function<Throwable, CompletableFuture<ChangeMembersResponse>> inTime(ChangeMembersRequest request) {
        return failure -> CompletableFuture.failedFuture(
                failure instanceof java.util.concurrent.TimeoutException
                        ? new StoreException(
                                        ErrorCode.COMMIT_TIMED_OUT,
                                        "The change of members goes on: ask for the same again to wait for it.")
                                .with("add", request.getAdd())
                                .with("remove", request.getRemove())
                        : failure);
    }

    private synchronized CompletableFuture<List<String>> started(ChangeMembersRequest request) {
        if (!underWay.isDone()) {
            if (request.equals(asked)) {
                return underWay;
            }
            throw new StoreException(
                    ErrorCode.MEMBERS_CHANGING, "Another change of members is under way: wait until it is done.");
        }
        CompletableFuture<List<String>> made = new CompletableFuture<>();
        asked = request;
        underWay = made;
        Thread thread = new Thread(() -> make(request, made), "change of members");
        thread.setDaemon(true);
        thread.start();
        return made;
    }

    private void make(ChangeMembersRequest request, CompletableFuture<List<String>> made) {
        LOG.info("Members are to change: add '{}', remove '{}'", request.getAdd(), request.getRemove());
        try {
            List<String> ids = steps.make(request);
            LOG.info("The members are {}", ids);
            made.complete(ids);
        } catch (Exception e) {
            LOG.warn("The members stay as they are: {}", e.toString());
            made.completeExceptionally(e);
        }
    }
}
