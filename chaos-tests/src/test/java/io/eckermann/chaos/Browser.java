package io.eckermann.chaos;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium that shows one page of a server of its own, and what that page tells by posting lines to {@code
 * /told}. Closing it leaves no process behind.
 */
final class Browser implements AutoCloseable {
    private static final List<String> PROGRAMS = List.of(
            "/usr/bin/chromium",
            "/usr/bin/chromium-browser",
            "/usr/bin/google-chrome",
            "/usr/bin/google-chrome-stable",
            "/snap/bin/chromium");

    /** Without a sandbox, which root may not have; nothing but loopback is reached. */
    private static final List<String> OPTIONS = List.of(
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-extensions",
            "--disable-sync",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");

    /** Also when this JVM is killed; the browser's other processes end with its first. */
    private static final String UNTIL_STDIN_ENDS = "\"$@\" < /dev/null & cat > /dev/null; kill -9 $!";

    private final HttpServer server;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private @Nullable Process process;

    /** Where the browser is, if there is one. */
    static Optional<Path> program() {
        return PROGRAMS.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    Browser() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "page");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** The page's, as the browser will write it. */
    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param directory for the browser's own data */
    void show(String page, Path directory) throws IOException {
        server.createContext("/", exchange -> answer(exchange, page));
        server.createContext("/told", exchange -> {
            told.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            answer(exchange, "");
        });
        server.start();
        List<String> command = new ArrayList<>(List.of("bash", "-c", UNTIL_STDIN_ENDS, "browser"));
        command.add(program().orElseThrow().toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("--user-data-dir=" + directory, origin() + "/"));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolveSibling("browser.log").toFile())
                .start();
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** All lines so far, in the order the page told them. */
    List<String> told() {
        return List.copyOf(told);
    }

    /** What follows this word, of the lines that begin with it. */
    List<String> told(String word) {
        return told.stream()
                .filter(line -> line.startsWith(word + " "))
                .map(line -> line.substring(word.length() + 1))
                .toList();
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            try {
                running.getOutputStream().close();
            } catch (IOException e) {
                // It has ended before.
            }
            running.onExit().join();
        }
        server.stop(0);
    }
}
