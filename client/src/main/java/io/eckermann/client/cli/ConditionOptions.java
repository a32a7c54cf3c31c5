package io.eckermann.client.cli;

import io.eckermann.client.AppendOptions;
import java.util.LinkedHashMap;
import java.util.Map;
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
            names = "--idempotency-key",
            paramLabel = "NAME",
            description =
                    "Names this append: when it was accepted before, its first result is shown and nothing added.")
    private String idempotencyKey = "";

    boolean isEmpty() {
        return head == null && !empty && versions.isEmpty() && idempotencyKey.isEmpty();
    }

    AppendOptions toAppendOptions() {
        AppendOptions.Builder options = AppendOptions.builder();
        if (head != null) {
            options.expectedHead(head);
        }
        if (empty) {
            options.topicEmpty();
        }
        versions.forEach(options::keyVersion);
        return idempotencyKey.isEmpty()
                ? options.build()
                : options.idempotencyKey(idempotencyKey).build();
    }
}
