package io.eckermann.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.eckermann.gateway.metrics.NodeMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on HTTP shows each route by a call of curl. That these calls work is shown where there are processes. */
class EveryRouteHasAnExampleTest {
    private static final Path PAGE =
            Path.of(System.getProperty("eckermann.root", "..")).resolve("docs/http.md");

    /** A call with its path, without what is asked behind it. */
    private static final Pattern CALL = Pattern.compile("curl [^\\n]*?\\$N(/[^\\s\"'?`]*)[^\\n]*");

    private static final Pattern METHOD = Pattern.compile(" -X ([A-Z]+) ");

    @Test
    void everyRouteHasAnExample() throws IOException {
        List<String> shown = CALL.matcher(Files.readString(PAGE))
                .results()
                .map(EveryRouteHasAnExampleTest::call)
                .toList();
        List<String> routes = HttpDoor.routes(
                        HttpDoorConfig.at("127.0.0.1", 0),
                        new FakeUseCases(),
                        Runnable::run,
                        new MetricsRoute(new NodeMetrics(), Runnable::run))
                .routes();
        assertThat(routes).hasSizeGreaterThan(40).contains("GET /", "GET /v1/topics/{topic}/events");
        assertThat(routes)
                .allSatisfy(route -> assertThat(shown)
                        .anySatisfy(call -> assertThat(call).matches(route.replaceAll("\\{[a-z]+}", "[^/]+"))));
    }

    /** Method and path, such as {@code GET /v1/topics/quotes}. */
    private static String call(MatchResult found) {
        Matcher named = METHOD.matcher(found.group());
        boolean sends = found.group().contains(" -d ") || found.group().contains(" --data-binary ");
        String method = named.find() ? named.group(1) : sends ? "POST" : "GET";
        return method + " " + found.group(1);
    }
}
