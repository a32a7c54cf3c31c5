package io.eckermann.statemachine.query;

import io.eckermann.statemachine.command.Particulars.Kind;

/**
 * What a search would look at for one term, if it had to look at all of it.
 *
 * @param item which item of the query; -1 for the key, which belongs to all
 * @param rows of the index, as far as they were counted
 * @param events that these rows name
 * @param countedAll false when there are more rows
 */
public record TermUse(int item, Kind kind, String text, long rows, long events, boolean countedAll) {}
