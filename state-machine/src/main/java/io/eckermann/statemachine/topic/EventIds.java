package io.eckermann.statemachine.topic;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import io.eckermann.statemachine.command.Particulars;
import io.eckermann.statemachine.command.Particulars.Kind;
import io.eckermann.statemachine.command.Particulars.Term;
import io.eckermann.statemachine.storage.Family;
import io.eckermann.statemachine.storage.Key;
import io.eckermann.statemachine.storage.StoreBatch;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a topic's events, where they are unique. A row whose event was truncated counts as none, and stays until the
 * id comes again, or the index is tidied: rows of truncated events lie apart, so no range holds them. That of a deleted event
 * stays, so that its id does not come again. Apply thread.
 */
final class EventIds {
    private static final int SHOWN_CHARS_MAX = 200;

    private final StoreBatch batch;
    private final Topic topic;

    EventIds(StoreBatch batch, Topic topic) {
        this.batch = batch;
        this.topic = topic;
    }

    /** Forgets all ids of a topic. */
    static void forget(StoreBatch batch, long topicId) {
        batch.deleteRange(
                Family.EVENT_IDS, Key.of(topicId).bytes(), Key.of(topicId + 1).bytes());
    }

    /** Why no append without ids can be judged; null when it can be, or need not. */
    @Nullable
    StoreException untold(Particulars particulars) {
        return isUnique() && !particulars.idsTold()
                ? new StoreException(
                        ErrorCode.TOPIC_CHANGED, "The topic's settings were changed just now: send the append again.")
                : null;
    }

    /** Why the append is refused: for the first of its events whose id is taken; null when none is. */
    @Nullable
    StoreException taken(Particulars particulars) {
        if (!isUnique()) {
            return null;
        }
        for (Term term : particulars.terms()) {
            byte[] row = term.kind() == Kind.ID ? batch.find(Family.EVENT_IDS, key(term)) : null;
            long position = row == null ? 0 : Key.longAt(row, 0);
            if (position >= topic.tail().getFirst()) {
                String id = term.text().toStringUtf8();
                return new StoreException(
                                ErrorCode.EVENT_ID_EXISTS,
                                "The topic has an event with this id: it was appended before, or needs another id.")
                        .with("id", id.length() <= SHOWN_CHARS_MAX ? id : id.substring(0, SHOWN_CHARS_MAX) + "…")
                        .with("position", position)
                        .with("event", number(term) + 1);
            }
        }
        return null;
    }

    /** Takes the ids of an accepted append. */
    void add(Particulars particulars, long first) {
        if (!isUnique()) {
            return;
        }
        for (Term term : particulars.terms()) {
            if (term.kind() == Kind.ID) {
                batch.put(
                        Family.EVENT_IDS,
                        key(term),
                        Key.of(first + number(term)).bytes());
            }
        }
    }

    private boolean isUnique() {
        return topic.row().getSettings().getUniqueIds();
    }

    /** Which of the append's events has it, from 0. */
    private static int number(Term term) {
        return term.runs().isEmpty() ? 0 : term.runs().get(0);
    }

    private byte[] key(Term term) {
        return Key.of(topic.id()).then(term.text().toByteArray()).bytes();
    }
}
