package io.eckermann.chaos.meta;

import io.eckermann.chaos.gen.Choices;
import java.util.List;

/**
 * What a node must not forget.
 *
 * @param vote whom it has voted for in the term; empty: nobody yet
 */
record TermAndVote(long term, String vote) {
    private static final List<String> CANDIDATES = List.of("n1", "n2", "n3");

    /** Of a term, a space, and a vote. */
    static TermAndVote parse(String text) {
        int space = text.indexOf(' ');
        return new TermAndVote(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    /** What may come next: a vote in this term, when there is none, or a later term, with or without one. */
    TermAndVote next(Choices choices) {
        if (vote.isEmpty() && choices.percent(70)) {
            return new TermAndVote(term, choices.one(CANDIDATES));
        }
        return new TermAndVote(term + choices.between(1, 3), choices.percent(50) ? choices.one(CANDIDATES) : "");
    }

    String text() {
        return term + " " + vote;
    }
}
