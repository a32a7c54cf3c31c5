package io.eckermann.gateway.http;

import io.eckermann.gateway.http.json.CloudEventJson;
import io.eckermann.gateway.http.json.ConditionsJson;
import io.eckermann.protocol.v1.Direction;
import io.eckermann.protocol.v1.ReadRequest;
import io.eckermann.protocol.v1.TimeStart;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client asks to read.
 *
 * @param patience how long a page waits for its first event
 */
record ReadQuery(ReadRequest request, String format, Duration patience) {
    static final int PAGE_EVENTS = 100;
    static final int PAGE_EVENTS_MAX = 10_000;
    /** Bounds what one page holds in memory; {@code next} tells where to go on. */
    static final int PAGE_BYTES = 4 << 20;

    /** After so long a page that looks through events by an expression ends where it has come to. */
    static final int PAGE_MILLIS = 2_000;

    static final int WAIT_SECONDS_MAX = 60;

    private static final List<String> STARTS = List.of("from", "after", "time", "last", "cursor");
    private static final List<String> KNOWN = List.of(
            "by",
            "from",
            "after",
            "time",
            "last",
            "cursor",
            "seek",
            "direction",
            "limit",
            "max_bytes",
            "to",
            "since",
            "until",
            "consistency",
            "at_least",
            "wait",
            "follow",
            "exact",
            "lastEventId",
            "type",
            "tag",
            "key",
            "query",
            "filter");
    static final Map<String, TimeStart.Seek> SEEKS = Map.of(
            "at_or_after", TimeStart.Seek.AT_OR_AFTER,
            "at_or_before", TimeStart.Seek.AT_OR_BEFORE,
            "nearest", TimeStart.Seek.NEAREST);
    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,6})s?");

    static ReadQuery of(String topic, Request http) {
        String format = Accept.format(http, Accept.EVENTS);
        Query query = http.query().only(KNOWN);
        ReadRequest.Builder read = ReadRequest.newBuilder().setTopic(topic);
        boolean page = isPage(format);
        read.setDirection(query.choice(
                "direction", Map.of("forward", Direction.FORWARD, "backward", Direction.BACKWARD), Direction.FORWARD));
        start(query, read);
        filter(query, read);
        if (format.equals(Answer.SSE)) {
            resume(http, read);
        } else if (query.has("lastEventId")) {
            throw HttpErrors.bad("lastEventId", "is for Accept: text/event-stream; use 'after'");
        }
        query.number("to", 1, Long.MAX_VALUE).ifPresent(read::setTo);
        query.time("since").ifPresent(read::setSinceNs);
        query.time("until").ifPresent(read::setUntilNs);
        read.setLimit(query.number("limit", 1, page ? PAGE_EVENTS_MAX : Long.MAX_VALUE)
                .orElse(page ? PAGE_EVENTS : 0));
        read.setMaxBytes(
                query.number("max_bytes", 1, page ? PAGE_BYTES : Long.MAX_VALUE).orElse(page ? PAGE_BYTES : 0));
        read.setConsistency(query.consistency());
        query.number("at_least", 0, Long.MAX_VALUE).ifPresent(read::setAtLeast);
        read.setExact(query.flag("exact", false));
        read.setFollow(follow(query, format, read.getDirection()));
        if (page && !read.getFilter().isEmpty()) {
            read.setHeartbeatMillis(PAGE_MILLIS);
        }
        return new ReadQuery(read.build(), format, patience(query, page, read.getDirection()));
    }

    /** Whether it is answered whole, and not event by event. */
    boolean isPage() {
        return isPage(format);
    }

    private static boolean isPage(String format) {
        return format.equals(Answer.JSON) || format.equals(CloudEventJson.BATCH);
    }

    /** What a question about a read asks for: its filter, and after which position. */
    static ReadRequest explained(Request http) {
        Query query = http.query().only(List.of("after", "consistency", "type", "tag", "key", "query"));
        ReadRequest.Builder read = ReadRequest.newBuilder().setConsistency(query.consistency());
        query.number("after", 0, Long.MAX_VALUE).ifPresent(read::setAfter);
        filter(query, read);
        return read.build();
    }

    private static void start(Query query, ReadRequest.Builder read) {
        List<String> given = STARTS.stream().filter(query::has).toList();
        if (given.size() > 1) {
            throw HttpErrors.bad(
                    given.get(1),
                    "contradicts '" + given.get(0) + "': a read has one start; there are: "
                            + String.join(", ", STARTS));
        }
        query.number("from", 1, Long.MAX_VALUE).ifPresent(read::setFrom);
        query.number("after", 0, Long.MAX_VALUE).ifPresent(read::setAfter);
        query.number("last", 1, Long.MAX_VALUE).ifPresent(read::setLast);
        query.text("cursor").ifPresent(read::setCursor);
        OptionalLong time = query.time("time");
        if (time.isEmpty() && query.has("seek")) {
            throw HttpErrors.bad("seek", "says how to look for a 'time', which is not given");
        }
        TimeStart.Seek seek = query.choice("seek", SEEKS, TimeStart.Seek.AT_OR_AFTER);
        time.ifPresent(
                ns -> read.setTime(TimeStart.newBuilder().setRecordedNs(ns).setSeek(seek)));
    }

    /** Types are alternatives, tags belong together; what has several items is written as JSON. */
    static void filter(Query query, ReadRequest.Builder read) {
        query.text("key").ifPresent(read::setKey);
        query.text("filter").ifPresent(read::setFilter);
        query.text("query").ifPresent(text -> read.setQuery(ConditionsJson.query("query", text)));
        if (query.has("type") || query.has("tag")) {
            if (query.has("query")) {
                throw HttpErrors.bad("query", "contradicts 'type' and 'tag': it says all of them itself");
            }
            read.getQueryBuilder()
                    .addItemsBuilder()
                    .addAllTypes(query.texts("type"))
                    .addAllTags(query.texts("tag"));
        }
    }

    /**
     * After what a reconnecting EventSource saw last. It takes the place of the start in the address, which is the same
     * at every connection; the header is newer than a parameter.
     */
    private static void resume(Request http, ReadRequest.Builder read) {
        Optional<String> header = http.header("Last-Event-ID").filter(id -> !id.isEmpty());
        String field = header.isPresent() ? "Last-Event-ID" : "lastEventId";
        header.or(() -> http.query().text("lastEventId"))
                .ifPresent(id -> read.setAfter(Query.number(field, id, 0, Long.MAX_VALUE)));
    }

    private static boolean follow(Query query, String format, Direction direction) {
        boolean follow = query.flag("follow", format.equals(Answer.SSE));
        if (follow && isPage(format)) {
            throw HttpErrors.bad(
                    "follow",
                    "needs Accept: application/x-ndjson or text/event-stream; a JSON page can 'wait' for an event");
        }
        if (follow && direction == Direction.BACKWARD) {
            throw HttpErrors.bad("direction", "backward contradicts following: there is nothing new before the start");
        }
        return follow;
    }

    private static Duration patience(Query query, boolean page, Direction direction) {
        Optional<String> text = query.text("wait");
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        if (!page) {
            throw HttpErrors.bad("wait", "is for JSON pages; streams have 'follow'");
        }
        if (direction == Direction.BACKWARD) {
            throw HttpErrors.bad("wait", "contradicts direction=backward: there is nothing new before the start");
        }
        Matcher seconds = SECONDS.matcher(text.get());
        if (!seconds.matches() || Long.parseLong(seconds.group(1)) > WAIT_SECONDS_MAX) {
            throw HttpErrors.bad("wait", "must be seconds, like 20 or 20s, and at most " + WAIT_SECONDS_MAX);
        }
        return Duration.ofSeconds(Long.parseLong(seconds.group(1)));
    }
}
