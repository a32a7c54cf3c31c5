package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.Times;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.EventTimePlace;
import io.eckermann.protocol.v1.ReadByEventTimeRequest;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client asks to read in the order of business times: {@code by=event_time}. */
final class EventTimeQuery {
    /** Of a page. */
    static final int EVENTS_MAX = 1_000;

    private static final List<String> KNOWN = List.of(
            "by",
            "since",
            "until",
            "time",
            "seek",
            "direction",
            "limit",
            "next",
            "consistency",
            "type",
            "tag",
            "key",
            "query",
            "filter");
    private static final Pattern PLACE = Pattern.compile("(-?[0-9]{1,19}):([0-9]{1,19})");

    private EventTimeQuery() {}

    /** Whether it is one, and not in the order of positions. */
    static boolean isOne(Query query) {
        return query.choice("by", Map.of("position", false, "event_time", true), false);
    }

    /** Whether the whole range is asked for, line by line, and not a page of it. */
    static boolean isStream(Request http) {
        return Accept.format(http, Accept.EVENTS).equals(Answer.NDJSON);
    }

    /** How many events of it are asked for; 0: all. */
    static long streamLimit(Query query) {
        return query.number("limit", 1, Long.MAX_VALUE).orElse(0);
    }

    static ReadByEventTimeRequest of(String topic, Request http) {
        if (!isStream(http) && !Accept.format(http, Accept.EVENTS).equals(Answer.JSON)) {
            throw HttpErrors.bad(
                    "by", "event_time is for JSON and NDJSON: what is late has no place in what goes on live");
        }
        Query query = http.query().only(KNOWN);
        ReadByEventTimeRequest.Builder read =
                ReadByEventTimeRequest.newBuilder().setTopic(topic).setConsistency(query.consistency());
        query.eventTime("since").ifPresent(read::setSinceNs);
        query.eventTime("until").ifPresent(read::setUntilNs);
        read.setDirection(query.choice(
                "direction", Map.of("forward", Direction.FORWARD, "backward", Direction.BACKWARD), Direction.FORWARD));
        if (!isStream(http)) {
            query.number("limit", 1, EVENTS_MAX).ifPresent(limit -> read.setLimit((int) limit));
        }
        ReadRequest.Builder wanted = ReadRequest.newBuilder();
        ReadQuery.filter(query, wanted);
        read.setQuery(wanted.getQuery()).setFilter(wanted.getFilter());
        if (wanted.hasKey()) {
            read.setKey(wanted.getKey());
        }
        if (!query.has("time") && query.has("seek")) {
            throw HttpErrors.bad("seek", "says how to look for a 'time', which is not given");
        }
        if (query.has("time") && query.has("next")) {
            throw HttpErrors.bad("next", "contradicts 'time': a read has one start");
        }
        TimeStart.Seek seek = query.choice("seek", ReadQuery.SEEKS, TimeStart.Seek.AT_OR_AFTER);
        query.eventTime("time")
                .ifPresent(ns ->
                        read.setTime(TimeStart.newBuilder().setRecordedNs(ns).setSeek(seek)));
        query.text("next").ifPresent(next -> read.setPlace(place(next)));
        return read.build();
    }

    private static EventTimePlace place(String text) {
        Matcher place = PLACE.matcher(text);
        if (!place.matches()) {
            throw HttpErrors.bad("next", "must be the 'next' of the page before");
        }
        return EventTimePlace.newBuilder()
                .setTimeNs(Times.parse("next", place.group(1)))
                .setPosition(Query.number("next", place.group(2), 0, Long.MAX_VALUE))
                .build();
    }
}
