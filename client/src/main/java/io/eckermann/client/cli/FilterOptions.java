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

    boolean isGiven() {
        return !types.isEmpty() || !tags.isEmpty() || !key.isEmpty();
    }

    void applyTo(ReadOptions.Builder options) {
        if (!types.isEmpty() || !tags.isEmpty()) {
            options.query(Query.types(types.toArray(String[]::new)).tags(tags.toArray(String[]::new)));
        }
        if (!key.isEmpty()) {
            options.key(key);
        }
    }
}
