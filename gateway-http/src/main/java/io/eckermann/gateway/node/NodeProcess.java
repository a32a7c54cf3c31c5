package io.eckermann.gateway.node;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.security.Security;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node as a whole process: its signals, its one line on stdout, its end. */
final class NodeProcess {
    /** Distinct from what the JVM and shells use, so that a supervisor can tell. */
    private static final int EXIT_FAIL_STOP = 70;
    /** All parts have limits of their own; beyond their sum something hangs. */
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    private static final Duration LAST_WORDS_MAX = Duration.ofSeconds(2);

    private static final AtomicBoolean FAILED = new AtomicBoolean();

    private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

    private final NodeConfig config;
    private final boolean json;
    private final boolean stopOnStdinEof;
    private final PrintWriter out;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    NodeProcess(NodeConfig config, boolean json, boolean stopOnStdinEof, PrintWriter out) {
        this.config = config;
        this.json = json;
        this.stopOnStdinEof = stopOnStdinEof;
        this.out = out;
    }

    /** Runs the node until the process is told to stop; throws when it can't start. */
    int run() throws StartException, InterruptedException {
        Logging.configure(config.self().id(), config.telemetry());
        // A node may come back under another address: forget resolved names soon, and failures sooner.
        Security.setProperty("networkaddress.cache.ttl", "5");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        // gRPC keeps names for half a minute more, ours and the one inside Ratis, unless told so in this place.
        System.setProperty("networkaddress.cache.ttl", "1");
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, failure) -> LOG.error("Thread {} ended by an error that is a bug", thread.getName(), failure));
        Node node = new Node(config, Clock.systemUTC(), NodeProcess::failStop);
        Thread stop = new Thread(() -> stop(node), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        if (stopOnStdinEof) {
            watchStdin(System.in);
        }
        try {
            node.start();
        } catch (StartException | RuntimeException e) {
            // The hook would end the process as if all were well.
            if (!stopping) {
                Runtime.getRuntime().removeShutdownHook(stop);
            }
            throw e;
        } catch (InterruptedException e) {
            ended.await(); // stopped while starting: the hook ends the process
        }
        var unused = node.ready().thenRun(this::sayReady);
        unused = node.removed().thenRun(() -> new Thread(() -> System.exit(0), "removed").start());
        ended.await();
        return 0;
    }

    private void stop(Node node) {
        stopping = true;
        haltWithin(STOP_MAX.plus(config.shutdownTimeout()), Main.EXIT_FAILED);
        LOG.info("Stopping");
        int code = 0;
        try {
            node.close();
            LOG.info("Stopped");
        } catch (RuntimeException e) {
            LOG.error("The node did not stop well", e);
            code = Main.EXIT_FAILED;
        }
        // A JVM that ends by a signal would not report 0 otherwise.
        Runtime.getRuntime().halt(code);
    }

    private static void failStop(String reason, @Nullable Throwable cause) {
        if (!FAILED.compareAndSet(false, true)) {
            // What follows from the first fault would only hide it.
            return;
        }
        try {
            // Writing the log line may wait for a full pipe or a dead disk.
            haltWithin(LAST_WORDS_MAX, EXIT_FAIL_STOP);
            LOG.error("Stopping at once: {}", reason, cause);
        } finally {
            Runtime.getRuntime().halt(EXIT_FAIL_STOP);
        }
    }

    /** Ends the process after this long, whatever else hangs. */
    private static void haltWithin(Duration time, int code) {
        Thread watch = new Thread(
                () -> {
                    long end = System.nanoTime() + time.toNanos();
                    while (System.nanoTime() - end < 0) {
                        LockSupport.parkNanos(end - System.nanoTime());
                    }
                    Runtime.getRuntime().halt(code);
                },
                "halt");
        watch.setDaemon(true);
        watch.start();
    }

    private static void watchStdin(InputStream in) {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (in.read() >= 0) {}
                    } catch (IOException e) {
                        LOG.debug("Standard input ended", e);
                    }
                    System.exit(0);
                },
                "stdin");
        watch.setDaemon(true);
        watch.start();
    }

    private void sayReady() {
        try {
            out.println(
                    json
                            ? asJson()
                            : "ready " + config.self().id() + " http "
                                    + config.self().http() + " grpc "
                                    + config.self().grpc());
            out.flush();
        } catch (IOException | CancellationException e) {
            LOG.warn("Could not say that the node is ready", e);
        }
    }

    private String asJson() throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", config.self().id());
        line.put("http", config.self().http().toString());
        line.put("grpc", config.self().grpc().toString());
        line.put("pid", ProcessHandle.current().pid());
        return new JsonMapper().writeValueAsString(line);
    }
}
