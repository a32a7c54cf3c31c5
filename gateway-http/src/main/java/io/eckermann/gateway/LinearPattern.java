package io.eckermann.gateway;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.regex.MatchResult;

/**
 * A regular expression of a stranger: it takes time in proportion to the text, whatever it says, and little memory. The
 * price is that it can't look around, nor refer back. Immutable.
 */
public final class LinearPattern {
    private static final int CHARS_MAX = 1_000;
    /** What counted repetitions multiply a pattern's size by. */
    private static final long REPETITIONS_MAX = 1_000;

    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{([0-9]{1,9})(?:,([0-9]{0,9}))?}");

    private final Pattern pattern;

    private LinearPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads a pattern in RE2's syntax.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static LinearPattern compile(String text) {
        if (text.length() > CHARS_MAX) {
            throw new IllegalArgumentException("A pattern has at most " + CHARS_MAX + " characters.");
        }
        long repetitions = REPETITION
                .matcher(text)
                .results()
                .mapToLong(LinearPattern::most)
                .reduce(1, (all, more) -> Math.min(all * Math.max(1, more), REPETITIONS_MAX + 1));
        if (repetitions > REPETITIONS_MAX) {
            throw new IllegalArgumentException(
                    "A pattern's counted repetitions, multiplied, are at most " + REPETITIONS_MAX + ".");
        }
        try {
            return new LinearPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "The pattern is not one of RE2 (" + e.getDescription() + ": " + e.getPattern()
                            + "), which can't look around nor refer back.",
                    e);
        }
    }

    private static long most(MatchResult repetition) {
        String upper = repetition.group(2);
        return Long.parseLong(upper == null || upper.isEmpty() ? repetition.group(1) : upper);
    }

    /** Whether some part of the text matches. */
    public boolean find(String text) {
        return pattern.matcher(text).find();
    }
}
