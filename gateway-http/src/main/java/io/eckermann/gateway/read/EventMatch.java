package io.eckermann.gateway.read;

import io.eckermann.gateway.QueryRules;
import io.eckermann.gateway.cel.EventFilter;
import io.eckermann.protocol.v1.Event;
import io.eckermann.protocol.v1.Query;
import io.eckermann.protocol.v1.QueryItem;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.RecordedEvent;
import java.util.function.Predicate;

/** Which events are wanted of those that were read already: what the index says elsewhere, said by looking. */
final class EventMatch {
    private EventMatch() {}

    static void check(ReadByEventTimeRequest request) {
        new QueryRules().check("query", request.getQuery());
        if (request.hasKey()) {
            ReadRules.checkKey(request.getKey());
        }
    }

    static boolean isNeeded(ReadByEventTimeRequest request) {
        return request.hasKey()
                || request.getQuery().getItemsCount() > 0
                || !request.getFilter().isEmpty();
    }

    /** Compiles the request's expression, which may take long. */
    static Predicate<RecordedEvent> of(ReadByEventTimeRequest request) {
        Predicate<RecordedEvent> terms = recorded -> {
            Event event = recorded.getEvent();
            return (!request.hasKey() || request.getKey().equals(event.getKey())) && matches(request.getQuery(), event);
        };
        return request.getFilter().isEmpty() ? terms : terms.and(EventFilter.compile(request.getFilter()));
    }

    private static boolean matches(Query query, Event event) {
        return query.getItemsCount() == 0 || query.getItemsList().stream().anyMatch(item -> matches(item, event));
    }

    private static boolean matches(QueryItem item, Event event) {
        return (item.getTypesCount() == 0 || item.getTypesList().contains(event.getType()))
                && event.getTagsList().containsAll(item.getTagsList());
    }
}
