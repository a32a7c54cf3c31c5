package io.eckermann.client;

import io.eckermann.protocol.v1.ExplainResponse;
import java.util.List;

/**
 * What a read by type, tag or key looks at, or a condition with such a query.
 *
 * @param terms in the order of the query, the key first; none: every event is read, without the index
 * @param head the topic's head at the same moment
 */
public record Explanation(List<Term> terms, long head) {
    public Explanation {
        terms = List.copyOf(terms);
    }

    /**
     * All that the index has of one term behind the position asked for.
     *
     * @param item which item of the query, from 0; -1: the key, which belongs to all
     * @param kind type, tag or key
     * @param rows of the index; at most 10,000 are counted
     * @param events that these rows name
     * @param countedAll false when there are more
     */
    public record Term(int item, String kind, String text, long rows, long events, boolean countedAll) {}

    static Explanation of(ExplainResponse response) {
        return new Explanation(
                response.getRangesList().stream()
                        .map(range -> new Term(
                                range.getItem(),
                                range.getKind(),
                                range.getText(),
                                range.getRows(),
                                range.getEvents(),
                                range.getCountedAll()))
                        .toList(),
                response.getHead());
    }
}
