package io.eckermann.client.cli;

import io.eckermann.client.EckermannException;
import io.eckermann.client.cli.local.LocalException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, as one line for people and an exit code for scripts.
 *
 * @param line empty when nothing needs to be said
 */
record Failure(int exitCode, String line) {
    /** A wrong use of the command line that only the verb can see. */
    static final class Usage extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Usage(String message) {
            super(message);
        }
    }

    static Failure of(Throwable thrown) {
        Throwable e = cause(thrown);
        if (e instanceof Console.OutputClosed) {
            return new Failure(ExitCode.OK, "");
        }
        if (e instanceof LineAppender.LinesFailed lines) {
            return lines.failure();
        }
        if (e instanceof Refusal refusal) {
            return refusal.failure();
        }
        if (e instanceof EckermannException refused) {
            return new Failure(exitCode(refused), text(refused));
        }
        if (e instanceof Usage || e instanceof IllegalArgumentException) {
            return new Failure(ExitCode.USAGE, message(e));
        }
        if (e instanceof LocalException) {
            return new Failure(ExitCode.ERROR, message(e));
        }
        if (e instanceof InterruptedException) {
            return new Failure(ExitCode.INTERRUPTED, "");
        }
        if (e instanceof NoSuchFileException missing) {
            return new Failure(ExitCode.ERROR, "There is no file " + missing.getFile() + ".");
        }
        if (e instanceof IOException) {
            return new Failure(ExitCode.ERROR, message(e));
        }
        StackTraceElement[] trace = e.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        return new Failure(ExitCode.ERROR, "This is a bug: " + e + where + ".");
    }

    int report(Console console) {
        if (!line.isEmpty()) {
            console.note("eckermann: " + line);
        }
        return exitCode;
    }

    private static int exitCode(EckermannException e) {
        if (e instanceof EckermannException.NotFound) {
            return ExitCode.NOT_FOUND;
        }
        if (e instanceof EckermannException.Conflict || e instanceof EckermannException.ConditionFailed) {
            return ExitCode.CONFLICT;
        }
        return e instanceof EckermannException.Unavailable ? ExitCode.UNAVAILABLE : ExitCode.ERROR;
    }

    private static String text(EckermannException e) {
        Map<String, String> facts = new TreeMap<>(e.facts());
        facts.remove("attempts", "1");
        String detail = facts.isEmpty()
                ? ""
                : facts.entrySet().stream()
                        .map(fact -> fact.getKey() + "=" + fact.getValue())
                        .collect(Collectors.joining(", ", " (", ")"));
        String unknown = e.outcomeUnknown() ? " It may have been done all the same: look before you do it again." : "";
        return e.getMessage() + detail + unknown + hint(e);
    }

    private static String hint(EckermannException e) {
        return switch (e.code()) {
            case "TOPIC_NOT_FOUND" ->
                " Create it with: eckermann topic create " + e.facts().getOrDefault("topic", "NAME");
            case "CURSOR_WOULD_REWIND" -> " To move it back all the same add --rewind.";
            default -> "";
        };
    }

    private static Throwable cause(Throwable thrown) {
        Throwable e = thrown;
        @Nullable Throwable cause = e.getCause();
        while (cause != null
                && (e instanceof CompletionException
                        || e instanceof ExecutionException
                        || e instanceof UncheckedIOException)) {
            e = cause;
            cause = e.getCause();
        }
        return e;
    }

    private static String message(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
