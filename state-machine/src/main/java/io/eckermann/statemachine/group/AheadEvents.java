package io.eckermann.statemachine.group;

import io.eckermann.statemachine.log.v1.Ahead;

/** Walks over what a command tells of new events. Positions only rise. */
final class AheadEvents {
    private final Ahead ahead;
    private final long through;
    private int at;
    /** Of the event at that place. */
    private long position;

    private String key = "";

    /** @param head of the topic */
    AheadEvents(Ahead ahead, long head) {
        this.ahead = ahead;
        this.through = Math.min(ahead.getThrough(), head);
        this.position = ahead.getFrom() + (ahead.getStepsCount() > 0 ? ahead.getSteps(0) : 0);
    }

    /** The first event at or behind a position; 0 when the command knows of none. */
    long next(long from) {
        if (from < ahead.getFrom() || from > through) {
            return 0;
        }
        if (ahead.getEvery()) {
            return from;
        }
        while (at < ahead.getStepsCount() && position < from) {
            at++;
            if (at < ahead.getStepsCount()) {
                position += ahead.getSteps(at);
            }
        }
        if (at >= ahead.getStepsCount() || position > through) {
            return 0;
        }
        key = at < ahead.getKeysCount() ? ahead.getKeys(at) : "";
        return position;
    }

    /** Of the event that was found last. */
    String key() {
        return key;
    }

    /** Where to go on when there is no event from a position on. */
    long behind(long from) {
        return from < ahead.getFrom() ? from : Math.max(from, through + 1);
    }
}
