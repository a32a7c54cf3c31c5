package io.eckermann.gateway.http;

import io.eckermann.protocol.ErrorCode;
import io.eckermann.protocol.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Finds what answers a request by its path and method. Filled before its first use, then only read. */
final class Router {
    private static final String TOPIC = "{topic}";

    /** Answers one method of one path. Runs on a work thread and may throw a StoreException. */
    @FunctionalInterface
    interface Action {
        CompletableFuture<Answer> answer(Request request);
    }

    /**
     * What answers a request.
     *
     * @param label the method and the path's pattern; of a method that the path does not know, the pattern only
     */
    record Found(String label, Request request, Path path) {
        /** The topic that the path names; empty when it names none. */
        String topic() {
            int at = path.pattern().indexOf(TOPIC);
            return at < 0 ? "" : request.segments().get(at);
        }
    }

    record Path(List<String> pattern, Map<String, Action> actions) {
        boolean matches(List<String> segments) {
            if (segments.size() != pattern.size()) {
                return false;
            }
            for (int i = 0; i < pattern.size(); i++) {
                if (!isOpen(i) && !pattern.get(i).equals(segments.get(i))) {
                    return false;
                }
            }
            return true;
        }

        List<String> variables(List<String> segments) {
            List<String> variables = new ArrayList<>(2);
            for (int i = 0; i < pattern.size(); i++) {
                if (isOpen(i)) {
                    variables.add(segments.get(i));
                }
            }
            return variables;
        }

        String allow() {
            List<String> methods = new ArrayList<>(actions.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            methods.add("OPTIONS");
            return String.join(", ", methods);
        }

        private boolean isOpen(int i) {
            return pattern.get(i).startsWith("{");
        }
    }

    private final List<Path> paths = new ArrayList<>();

    /** @param pattern like {@code /v1/topics/{topic}}; HEAD and OPTIONS need no action of their own */
    void on(String method, String pattern, Action action) {
        List<String> segments = List.of(pattern.substring(1).split("/", -1));
        for (Path path : paths) {
            if (path.pattern.equals(segments)) {
                path.actions.put(method, action);
                return;
            }
        }
        Path path = new Path(segments, new TreeMap<>());
        path.actions.put(method, action);
        paths.add(path);
    }

    /** Methods and patterns, like {@code GET /v1/topics/{topic}}. */
    List<String> routes() {
        return paths.stream()
                .flatMap(path ->
                        path.actions.keySet().stream().map(method -> method + " /" + String.join("/", path.pattern)))
                .toList();
    }

    /** @throws StoreException ROUTE_NOT_FOUND */
    Found find(Request request) {
        for (Path path : paths) {
            if (path.matches(request.segments())) {
                String method = request.method().equals("HEAD") ? "GET" : request.method();
                String label =
                        (path.actions.containsKey(method) ? method + " /" : "/") + String.join("/", path.pattern);
                return new Found(label, request.withVariables(path.variables(request.segments())), path);
            }
        }
        throw new StoreException(ErrorCode.ROUTE_NOT_FOUND, "There is nothing at this path; GET / says what there is.")
                .with("path", shortened(request.target()));
    }

    static CompletableFuture<Answer> answer(Found found) {
        Request request = found.request();
        Path path = found.path();
        Action action = path.actions.get(request.method().equals("HEAD") ? "GET" : request.method());
        if (action != null) {
            return action.answer(request);
        }
        if (request.method().equals("OPTIONS")) {
            return CompletableFuture.completedFuture(Answer.empty(204).with("Allow", path.allow()));
        }
        StoreException error = new StoreException(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "This path does not know the method; it knows " + path.allow() + ".")
                .with("method", shortened(request.method()));
        return CompletableFuture.completedFuture(HttpErrors.answer(error).with("Allow", path.allow()));
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
