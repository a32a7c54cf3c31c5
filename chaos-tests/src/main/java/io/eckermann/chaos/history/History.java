package io.eckermann.chaos.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The history of a run, one operation's beginning or end a line, flushed as it happens: what is in it survives the death of
 * this process. Thread safe.
 */
public final class History implements AutoCloseable {
    private static final Edn.Keyword NEMESIS = Edn.keyword("nemesis");

    private final BufferedWriter out;
    private final long startNs = System.nanoTime();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger completed = new AtomicInteger();
    private long index;

    public History(Path file) throws IOException {
        out = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }

    /** Nanoseconds since it began. */
    public long nowNs() {
        return System.nanoTime() - startNs;
    }

    /** A call begins. */
    public void invoke(int process, String operation, @Nullable Object value) {
        add(Edn.keyword("invoke"), process, operation, value, Map.of());
    }

    /**
     * A call ends.
     *
     * @param type ok, fail (nothing was changed, and never will be) or info (nobody knows)
     */
    public void complete(
            String type, int process, String operation, @Nullable Object value, Map<String, Object> particulars) {
        completed.incrementAndGet();
        if (type.equals("ok") && operation.equals("send")) {
            acknowledged.incrementAndGet();
        }
        add(Edn.keyword(type), process, operation, value, particulars);
    }

    /** Something is done to the cluster, or was seen of it. */
    public void nemesis(String operation, Object value) {
        add(Edn.keyword("info"), NEMESIS, operation, value, Map.of());
    }

    /** How many calls have ended. */
    public int completed() {
        return completed.get();
    }

    /** How many appends of the log were acknowledged. */
    public int acknowledged() {
        return acknowledged.get();
    }

    private synchronized void add(
            Edn.Keyword type,
            Object process,
            String operation,
            @Nullable Object value,
            Map<String, Object> particulars) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("index", index++);
        // Under the lock, so that the times of the lines rise.
        line.put("time", nowNs());
        line.put("type", type);
        line.put("process", process);
        line.put("f", Edn.keyword(operation));
        line.put("value", value);
        line.putAll(particulars);
        try {
            out.write(Edn.text(line));
            out.newLine();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
