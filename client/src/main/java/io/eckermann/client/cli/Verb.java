package io.eckermann.client.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all verbs share. A verb returns its exit code; what it throws becomes one line by {@link Failure}. */
abstract class Verb implements Callable<Integer> {
    /** The client keeps its own deadlines; this only guards against one that is lost. */
    private static final Duration FUTURE_PATIENCE = Duration.ofMinutes(10);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The options that all commands of this command line share. */
    static Main main(CommandSpec spec) {
        return (Main) spec.root().userObject();
    }

    final Main main() {
        return main(spec);
    }

    final Console console() {
        return main().console();
    }

    final CommandSpec spec() {
        return spec;
    }

    /** Waits for the answer, or throws what it failed with. */
    static <T> T answer(CompletableFuture<T> future) throws Exception {
        try {
            return future.get(FUTURE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer came", e);
        }
    }
}
