package io.eckermann.gateway.read;

import io.eckermann.gateway.Deadline;
import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.RecordedEvent;
import io.eckermann.statemachine.ReadView;
import io.eckermann.statemachine.TopicState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Finds where the last events begin that an expression wants: it counts them from the head back, page by page and each in
 * a turn of its own, until the deadline. Used once.
 */
final class LastMatches {
    private final ReadView view;
    private final TopicState topic;
    private final Selection selection;
    private final Executor reads;
    private final Deadline deadline;
    private final CompletableFuture<Long> found = new CompletableFuture<>();
    private long left;
    private long next;
    private long first;

    LastMatches(ReadView view, TopicState topic, Selection selection, Executor reads, Deadline deadline) {
        this.view = view;
        this.topic = topic;
        this.selection = selection;
        this.reads = reads;
        this.deadline = deadline;
        this.next = topic.head();
        this.first = topic.head() + 1;
    }

    /** The position of the first of so many; the head's next when there is none. FILTER_TOO_COSTLY at the deadline. */
    CompletableFuture<Long> begin(long count) {
        left = count;
        look();
        return found;
    }

    private void look() {
        try {
            if (left == 0 || next < topic.first()) {
                found.complete(first);
                return;
            }
            if (deadline.remaining().isZero()) {
                throw new StoreException(
                                ErrorCode.FILTER_TOO_COSTLY,
                                "So many events were not found in time, counted back from the head: read backward with a"
                                        + " limit, which shows what it finds.")
                        .with("field", "last")
                        .with("looked_from", next + 1);
            }
            Matches matches = selection.find(view, topic.id(), Direction.BACKWARD, next, topic.first());
            if (matches.isCutShort()) {
                // What lies there was removed meanwhile, and all before it.
                found.complete(first);
                return;
            }
            take(matches.events());
            next = matches.through() - 1;
            reads.execute(this::look);
        } catch (RuntimeException e) {
            found.completeExceptionally(e);
        }
    }

    private void take(List<RecordedEvent> matches) {
        for (RecordedEvent match : matches) {
            if (left > 0) {
                left--;
                first = match.getPosition();
            }
        }
    }
}
