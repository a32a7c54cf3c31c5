package io.eckermann.gateway.topics;

import io.eckermann.gateway.Deadline;
import io.eckermann.gateway.Failures;
import io.eckermann.gateway.ShardReads;
import io.eckermann.gateway.Shards;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.EventDeletion;
import io.eckermann.protocol.Names;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Consistency;
import io.eckermann.protocol.v1.DeleteEventRequest;
import io.eckermann.protocol.v1.DeleteEventResponse;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.StoredChunk;
import io.eckermann.statemachine.TopicState;
import io.eckermann.statemachine.command.Operation;
import io.eckermann.statemachine.command.Result;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Deletes single events. The body that holds the event is read and encoded anew without it, on whichever node was asked,
 * and proposed in place of the old one: so all replicas get the same bytes, and apply decodes nothing. Safe from any
 * thread; never blocks the caller.
 */
public final class EventHandler {
    /** Others who delete events of the same body at the same time come first; each round one of them is done. */
    private static final int TRIES_MAX = 64;

    private final Shards shards;
    private final ShardReads reads;

    public EventHandler(Shards shards, Executor reads) {
        this.shards = shards;
        this.reads = new ShardReads(shards, reads);
    }

    public CompletableFuture<DeleteEventResponse> delete(DeleteEventRequest request, Duration timeout) {
        return Failures.guarded(() -> {
            Names.topic(request.getTopic());
            if (request.getPosition() < 1) {
                throw new StoreException(ErrorCode.BAD_REQUEST, "Positions start at 1.").with("field", "position");
            }
            return delete(request, Deadline.after(timeout), 1);
        });
    }

    private CompletableFuture<DeleteEventResponse> delete(DeleteEventRequest request, Deadline deadline, int tries) {
        return reads.read(request.getTopic(), Consistency.LINEARIZABLE, deadline, view -> replacement(view, request))
                .thenCompose(replacement -> replaced(request, replacement, deadline, tries));
    }

    private CompletableFuture<DeleteEventResponse> replaced(
            DeleteEventRequest request, Replacement replacement, Deadline deadline, int tries) {
        return shards.of(replacement.topicId())
                .writes()
                .submit(replacement.operation(), deadline.remaining())
                .thenCompose(result -> {
                    if (!(result instanceof Result.Refused refused)) {
                        return CompletableFuture.completedFuture(DeleteEventResponse.newBuilder()
                                .setDeleted(replacement.deletes())
                                .build());
                    }
                    if (refused.code() == ErrorCode.EVENT_CHANGED && tries < TRIES_MAX) {
                        return delete(request, deadline, tries + 1);
                    }
                    throw refused.toException().with("topic", request.getTopic());
                });
    }

    /**
     * What is proposed.
     *
     * @param deletes false when the event is deleted already. It may have been superseded, and then its bytes need not go
     *     before those around them do, unless somebody asks for it
     */
    private record Replacement(long topicId, Operation operation, boolean deletes) {}

    private static Replacement replacement(ReadView view, DeleteEventRequest request) {
        TopicState topic = ShardReads.topic(view, request.getTopic());
        long position = request.getPosition();
        StoredChunk stored = view.stored(topic.id(), position).orElseThrow(() -> notFound(topic, position));
        BitSet number = new BitSet();
        number.set((int) (position - stored.chunk().getFirstPosition()));
        return new Replacement(
                topic.id(),
                EventRemoval.asked(topic.id(), stored, number),
                !EventDeletion.isDeleted(stored.chunk(), position));
    }

    private static StoreException notFound(TopicState topic, long position) {
        return new StoreException(
                        ErrorCode.EVENT_NOT_FOUND,
                        "The topic has no event at this position; it has those from 'first' to 'head'.")
                .with("topic", topic.name())
                .with("position", position)
                .with("first", topic.first())
                .with("head", topic.head());
    }
}
