package io.eckermann.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eckermann.client.EventStore;
import io.eckermann.client.Explanation;
import io.eckermann.client.ReadOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what a query costs. */
@Command(
        name = "explain",
        description = {
            "Shows what the index has of each type, tag and key that a read names, or a condition.",
            "Without types, tags and key every event is read, without the index."
        },
        footer = {"", "  eckermann explain courses --match 'type=Subscribed tag=course:c1' --match tag=student:s1"})
final class ExplainCommand extends StoreVerb {
    @Parameters(paramLabel = "TOPIC")
    private String topic = "";

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Option(names = "--after", paramLabel = "POSITION", description = "Only what lies behind this position.")
    private long after;

    @Override
    void run(EventStore store) throws Exception {
        ReadOptions.Builder options = ReadOptions.builder().after(after);
        filter.applyTo(options);
        Explanation explanation = answer(store.explain(topic, options.build()));
        switch (output().format()) {
            case table -> print(explanation);
            case json -> Json.print(console(), json(explanation));
            case ndjson -> {
                explanation.terms().forEach(term -> console().line(Json.text(json(term))));
                console().flush();
            }
        }
    }

    private void print(Explanation explanation) {
        Table table = new Table("ITEM", "KIND", "TEXT", "ROWS", "EVENTS");
        for (Explanation.Term term : explanation.terms()) {
            String more = term.countedAll() ? "" : "+";
            table.row(
                    term.item() < 0 ? "all" : term.item() + 1,
                    term.kind(),
                    term.text(),
                    term.rows() + more,
                    term.events() + more);
        }
        table.print(console());
        if (!output().quiet()) {
            String all = explanation.terms().isEmpty() ? "every event is read; " : "";
            console().note(all + "the head is " + explanation.head());
        }
    }

    private static ObjectNode json(Explanation explanation) {
        ObjectNode json = Json.object();
        ArrayNode ranges = json.putArray("ranges");
        explanation.terms().forEach(term -> ranges.add(json(term)));
        return json.put("head", explanation.head());
    }

    /** The shape of the HTTP door. */
    private static ObjectNode json(Explanation.Term term) {
        ObjectNode json = Json.object();
        if (term.item() >= 0) {
            json.put("item", term.item());
        }
        return json.put(term.kind(), term.text())
                .put("rows", term.rows())
                .put("events", term.events())
                .put("counted_all", term.countedAll());
    }
}
