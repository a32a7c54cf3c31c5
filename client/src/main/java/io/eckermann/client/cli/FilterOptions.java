package io.eckermann.client.cli;

import io.eckermann.client.EventTimeRead;
import io.eckermann.client.ReadOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which events are wanted. */
final class FilterOptions {
    @Mixin
    private QueryOptions query = new QueryOptions();

    @Option(names = "--key", paramLabel = "KEY", description = "Only events of this key.")
    private String key = "";

    /** The key asked for; empty: of any. */
    String key() {
        return key;
    }

    EventTimeRead applyTo(EventTimeRead read) {
        EventTimeRead wanted = query.query().map(read::query).orElse(read);
        return key.isEmpty() ? wanted : wanted.key(key);
    }

    void applyTo(ReadOptions.Builder options) {
        query.query().ifPresent(options::query);
        if (!key.isEmpty()) {
            options.key(key);
        }
    }
}
