package io.eckermann.raftlog.simulation;

import io.eckermann.statemachine.command.Result;
import java.util.List;
import java.util.OptionalLong;

/** One append of a client, and what it knows of it. */
final class Write {
    /** What became of it, as far as its client can tell. */
    enum Fate {
        TO_SEND,
        UNDER_WAY,
        ACCEPTED,
        REFUSED,
        /** Nobody asks any more: it is there, or not. */
        UNKNOWN
    }

    final String client;
    final long number;
    final long topicId;
    final List<String> payloads;
    final OptionalLong expectedHead;
    Fate fate = Fate.TO_SEND;
    long first;

    Write(String client, long number, long topicId, List<String> payloads, OptionalLong expectedHead) {
        this.client = client;
        this.number = number;
        this.topicId = topicId;
        this.payloads = payloads;
        this.expectedHead = expectedHead;
    }

    void accepted(Result.Appended appended) {
        fate = Fate.ACCEPTED;
        first = appended.first();
        Violation.unless(appended.count() == payloads.size(), "%s came to %s", this, appended);
        if (expectedHead.isPresent()) {
            Violation.unless(
                    appended.first() == expectedHead.getAsLong() + 1, "%s came to %s although", this, appended);
        }
    }

    @Override
    public String toString() {
        return client + "#" + number + " " + payloads + " " + fate + " at " + first;
    }
}
