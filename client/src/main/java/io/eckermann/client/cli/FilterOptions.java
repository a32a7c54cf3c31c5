package io.eckermann.client.cli;

import io.eckermann.client.Query;
import io.eckermann.client.ReadOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which events are wanted. */
final class FilterOptions {
    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type; several: of one of them.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "TAG", description = "Only events with this tag; several: with all of them.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--key", paramLabel = "KEY", description = "Only events of this key.")
    private String key = "";

    @Option(
            names = "--match",
            paramLabel = "ITEM",
            converter = MatchConverter.class,
            description = "Only events that match " + MatchConverter.SYNTAX + "; several: at least one of them.")
    private List<Query> items = new ArrayList<>();

    /** The key asked for; empty: of any. */
    String key() {
        return key;
    }

    boolean isGiven() {
        return !types.isEmpty() || !tags.isEmpty() || !key.isEmpty() || !items.isEmpty();
    }

    void applyTo(ReadOptions.Builder options) {
        boolean one = !types.isEmpty() || !tags.isEmpty();
        if (one && !items.isEmpty()) {
            throw new Failure.Usage("--match holds types and tags itself: leave out --type and --tag.");
        }
        if (one) {
            options.query(Query.types(types.toArray(String[]::new)).tags(tags.toArray(String[]::new)));
        }
        items.stream().reduce(Query::or).ifPresent(options::query);
        if (!key.isEmpty()) {
            options.key(key);
        }
    }
}
