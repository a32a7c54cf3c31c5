package io.eckermann.client.cli;

import io.eckermann.client.EckermannException;
import io.eckermann.client.EventStore;
import io.eckermann.client.Step;
import io.eckermann.client.StepResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Appends to several topics and commits cursors at once. */
@Command(
        name = "step",
        description = {
            "Appends to several topics and commits cursors, all or none, and waits until it is fsynced on a majority.",
            "What to do is JSON: an argument, or a file, or stdin."
        },
        footer = {
            "",
            "  eckermann step '{\"appends\":[{\"topic\":\"invoices\",\"events\":[{\"data\":12}]}],",
            "                   \"cursors\":[{\"consumer\":\"billing\",\"topic\":\"orders\",\"position\":7,\"expected\":6}]}'"
        })
final class StepCommand extends StoreVerb {
    @Parameters(arity = "0..1", paramLabel = "JSON")
    private @Nullable String json;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A file that holds it.")
    private @Nullable Path file;

    @Option(
            names = "--idempotency-key",
            paramLabel = "NAME",
            description = "Names this step: when it was done before, its first result is shown and nothing done.")
    private @Nullable String idempotencyKey;

    @Override
    void run(EventStore store) throws Exception {
        if (json != null && file != null) {
            throw new Failure.Usage("Give the step as an argument or in a file.");
        }
        Step.Builder step = StepJson.read(text());
        if (idempotencyKey != null) {
            step.idempotencyKey(idempotencyKey);
        }
        StepResult done = done(store, step.build());
        report(StepJson.write(done), sentence(done));
    }

    private StepResult done(EventStore store, Step step) throws Exception {
        try {
            return answer(store.append(step));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof EckermannException.ConditionFailed refused) {
                throw Refusal.of(refused, store);
            }
            throw e;
        }
    }

    private String text() throws IOException {
        if (json != null) {
            return json;
        }
        return file != null
                ? Files.readString(file)
                : new String(console().in().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String sentence(StepResult done) {
        List<String> parts = new ArrayList<>();
        done.appends()
                .forEach((topic, result) ->
                        parts.add("appended to " + topic + " at positions " + result.first() + " to " + result.last()));
        done.cursors()
                .forEach(cursor ->
                        parts.add(cursor.consumer() + " is at " + cursor.position() + " of " + cursor.topic()));
        return String.join("; ", parts);
    }
}
