package io.eckermann.client.cli;

import io.eckermann.client.AppendOptions;
import io.eckermann.client.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What must hold for an append to be accepted. */
final class ConditionOptions {
    @Option(names = "--if-head", paramLabel = "POSITION", description = "Only if this is the topic's head.")
    private @Nullable Long head;

    @Option(names = "--if-empty", description = "Only if nothing was ever appended to the topic.")
    private boolean empty;

    @Option(
            names = "--if-version",
            paramLabel = "KEY=COUNT",
            description = "Only if the topic has had so many events of the key; 0: none.")
    private Map<String, Long> versions = new LinkedHashMap<>();

    @Option(
            names = "--if-absent",
            paramLabel = "KEY",
            description = "Only if the topic has had no event of the key; may be repeated.")
    private List<String> absent = new ArrayList<>();

    @Option(
            names = "--fail-if-match",
            paramLabel = "ITEM",
            converter = MatchConverter.class,
            description =
                    "Only if no event behind --after matches " + MatchConverter.SYNTAX + "; several: none of them.")
    private List<Query> matches = new ArrayList<>();

    @Option(
            names = "--after",
            paramLabel = "POSITION",
            description = "What --fail-if-match leaves out of account: events up to this one, usually the head of the"
                    + " read that the decision rests on. Default: 0, none.")
    private @Nullable Long after;

    @Option(
            names = "--fence",
            paramLabel = "NAME=TOKEN",
            description = "Only if no larger token was accepted under the name; raises it to this one.")
    private Map<String, Long> fences = new LinkedHashMap<>();

    @Option(
            names = "--idempotency-key",
            paramLabel = "NAME",
            description =
                    "Names this append: when it was accepted before, its first result is shown and nothing added.")
    private String idempotencyKey = "";

    boolean isEmpty() {
        return conditions().isEmpty() && idempotencyKey.isEmpty();
    }

    AppendOptions toAppendOptions() {
        AppendOptions.Builder options = AppendOptions.builder();
        conditions().forEach(condition -> condition.adding.accept(options));
        return idempotencyKey.isEmpty()
                ? options.build()
                : options.idempotencyKey(idempotencyKey).build();
    }

    /** How the user said each condition, in the order in which the append has them. */
    List<String> said() {
        return conditions().stream().map(Said::text).toList();
    }

    private List<Said> conditions() {
        List<Said> all = new ArrayList<>();
        if (head != null) {
            long expected = head;
            all.add(new Said("--if-head " + expected, options -> options.expectedHead(expected)));
        }
        if (empty) {
            all.add(new Said("--if-empty", AppendOptions.Builder::topicEmpty));
        }
        versions.forEach((key, version) ->
                all.add(new Said("--if-version " + key + "=" + version, options -> options.keyVersion(key, version))));
        absent.forEach(key -> all.add(new Said("--if-absent " + key, options -> options.keyAbsent(key))));
        matches.stream().reduce(Query::or).ifPresent(query -> {
            long from = after == null ? 0 : after;
            String behind = after == null ? "" : " --after " + from;
            all.add(new Said("--fail-if-match" + behind, options -> options.failIfEventsMatch(query, from)));
        });
        if (after != null && matches.isEmpty()) {
            throw new Failure.Usage("--after belongs to --fail-if-match: say which events must not have come.");
        }
        fences.forEach((name, token) ->
                all.add(new Said("--fence " + name + "=" + token, options -> options.fence(name, token))));
        return all;
    }

    /** One condition. */
    private record Said(String text, Consumer<AppendOptions.Builder> adding) {}
}
