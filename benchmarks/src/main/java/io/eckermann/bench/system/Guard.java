package io.eckermann.bench.system;

/** What an append of a booking asks of the topic. */
public enum Guard {
    /** Nothing: it is appended whatever came before. */
    NONE,
    /** That nothing came that the booking rests on: no event of its course, and no booking of its student. */
    QUERY
}
