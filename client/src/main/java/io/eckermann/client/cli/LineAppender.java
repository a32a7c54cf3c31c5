package io.eckermann.client.cli;

import io.eckermann.client.Appender;
import io.eckermann.client.Event;
import io.eckermann.client.EventStore;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Appends the lines of a stream in order, pipelined. The first line that fails ends it; what is behind was not sent. */
final class LineAppender {
    private static final int LINE_BYTES_MAX = 8 << 20;

    private final EventStore store;
    private final String topic;
    private final Progress progress;

    /** Guarded by this, as are the fields below: the answers come on a client thread. */
    private long acknowledged;

    private long first;
    private long last;
    private long failedLine;
    private @Nullable Throwable failed;

    LineAppender(EventStore store, String topic, Progress progress) {
        this.store = store;
        this.topic = topic;
        this.progress = progress;
    }

    /** Appends to the end of the stream; throws what the first failed line failed with, and its number. */
    void append(InputStream source, Function<byte[], Event> toEvent) throws IOException {
        InputStream in = new BufferedInputStream(source, 64 << 10);
        try (Appender appender = store.appender(topic)) {
            long number = 0;
            long bytes = 0;
            for (byte[] line = line(in); line != null && !hasFailed(); line = line(in)) {
                number++;
                bytes += line.length + 1;
                progress.at(bytes, number);
                if (!new String(line, StandardCharsets.UTF_8).isBlank()) {
                    send(appender, number, line, toEvent);
                }
            }
            appender.flush().join();
        } finally {
            progress.done();
        }
        throwFailure();
    }

    private void send(Appender appender, long number, byte[] line, Function<byte[], Event> toEvent) {
        Event event;
        try {
            event = toEvent.apply(line);
        } catch (IllegalArgumentException e) {
            failed(number, new LineRefused(e));
            return;
        }
        var unused = appender.append(event).whenComplete((position, thrown) -> {
            if (thrown == null) {
                done(position);
            } else {
                failed(number, thrown);
            }
        });
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** Position of the first event appended, 0 when there was none. */
    synchronized long first() {
        return first;
    }

    synchronized long last() {
        return last;
    }

    private synchronized void done(long position) {
        acknowledged++;
        first = first == 0 ? position : first;
        last = position;
    }

    private synchronized void failed(long line, Throwable thrown) {
        if (failed == null || line < failedLine) {
            failed = thrown;
            failedLine = line;
        }
    }

    private synchronized boolean hasFailed() {
        return failed != null;
    }

    private synchronized void throwFailure() {
        if (failed != null) {
            throw new LinesFailed(failedLine, acknowledged, failed);
        }
    }

    private static byte @Nullable [] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        if (next < 0) {
            return null;
        }
        while (next >= 0 && next != '\n') {
            line.write(next);
            if (line.size() > LINE_BYTES_MAX) {
                throw new IOException("A line is longer than " + LINE_BYTES_MAX + " bytes: is this a file of lines?");
            }
            next = in.read();
        }
        byte[] bytes = line.toByteArray();
        boolean windows = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return windows ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    /** A line is not an event. */
    private static final class LineRefused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LineRefused(IllegalArgumentException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** A line failed; knows which, and how many events were appended all the same. */
    static final class LinesFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final long line;
        private final long acknowledged;

        LinesFailed(long line, long acknowledged, Throwable cause) {
            super(cause);
            this.line = line;
            this.acknowledged = acknowledged;
        }

        /** The failure as one line. */
        Failure failure() {
            Throwable cause = getCause();
            Failure why = cause instanceof LineRefused
                    ? new Failure(ExitCode.ERROR, String.valueOf(cause.getMessage()) + ".")
                    : Failure.of(cause == null ? this : cause);
            return new Failure(
                    why.exitCode(), "Line " + line + ": " + why.line() + " Appended until then: " + acknowledged + ".");
        }
    }
}
