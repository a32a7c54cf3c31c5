package io.eckermann.client.cli;

import io.eckermann.client.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which events are wanted, by type and tags. */
final class QueryOptions {
    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type; several: of one of them.")
    private List<String> types = new ArrayList<>();

    @Option(names = "--tag", paramLabel = "TAG", description = "Only events with this tag; several: with all of them.")
    private List<String> tags = new ArrayList<>();

    @Option(
            names = "--match",
            paramLabel = "ITEM",
            converter = MatchConverter.class,
            description = "Only events that match " + MatchConverter.SYNTAX + "; several: at least one of them.")
    private List<Query> items = new ArrayList<>();

    /** Empty when nothing was given. */
    Optional<Query> query() {
        boolean one = !types.isEmpty() || !tags.isEmpty();
        if (one && !items.isEmpty()) {
            throw new Failure.Usage("--match holds types and tags itself: leave out --type and --tag.");
        }
        return one
                ? Optional.of(Query.types(types.toArray(String[]::new)).tags(tags.toArray(String[]::new)))
                : items.stream().reduce(Query::or);
    }
}
