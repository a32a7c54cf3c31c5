package io.eckermann.gateway.logging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eckermann.gateway.calls.Correlation;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLinesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Logger LOG = LoggerFactory.getLogger(LogLinesTest.class);

    /** Would end a line, begin one, or have a terminal show another one. */
    private static final List<String> UGLY = List.of(
            "orders\n2026-11-28T00:00:00.000Z ERROR Node forged",
            "a\r\nb",
            "\u001b[2K\u001b[1A",
            "\u0000\u0007\u0008\u007f",
            "\u0085\u2028\u2029",
            "\u009b31m",
            "\u202egpj.exe",
            "\"},{\"level\":\"ERROR\"",
            "${jndi:ldap://x} {} %n",
            "\ud800 alone",
            "x".repeat(1_000_000));

    @Test
    void whateverIsLoggedIsOneJsonObjectALine() throws Exception {
        for (String ugly : UGLY) {
            try (CapturedLines captured = new CapturedLines(LogFormat.JSON, LogLinesTest.class.getName())) {
                LOG.warn("Topic {} is odd", ugly, new IllegalStateException(ugly));
                assertThat(captured.lines()).hasSize(1);
                assertThat(captured.text()).matches("[ -\u007f]+\n").hasSizeLessThan(500_000);
                JsonNode line = JSON.readTree(captured.text());
                assertThat(line.fieldNames())
                        .toIterable()
                        .containsExactly(
                                "time", "level", "node", "logger", "thread", "message", "error", "stack_trace");
                assertThat(line.path("message").asText())
                        .startsWith("Topic " + ugly.substring(0, Math.min(ugly.length(), 1_000)));
            }
        }
    }

    @Test
    void whateverIsLoggedAsTextBeginsOneLineAndTheRestOfItWithATab() {
        for (String ugly : UGLY) {
            try (CapturedLines captured = new CapturedLines(LogFormat.TEXT, LogLinesTest.class.getName())) {
                LOG.warn("Topic {} is odd", ugly, new IllegalStateException(ugly));
                assertThat(captured.text().replace("\n", "").replace("\t", ""))
                        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");
                assertThat(captured.lines().get(0)).contains(" WARN  LogLinesTest Topic ");
                assertThat(captured.lines().stream().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("\t"));
            }
        }
    }

    @Test
    void linesOfACallSayItsRequestAndWhoMakesIt() throws Exception {
        Correlation call = new Correlation("r-1", null);
        call.madeBy("billing");
        try (CapturedLines captured = new CapturedLines(LogFormat.JSON, LogLinesTest.class.getName())) {
            Instant before = Instant.now();
            call.during(() -> LOG.info("Hello"));
            LOG.info("Nobody");
            JsonNode line = JSON.readTree(captured.lines().get(0));
            assertThat(line.path("request_id").asText()).isEqualTo("r-1");
            assertThat(line.path("principal").asText()).isEqualTo("billing");
            assertThat(line.path("node").asText()).isEqualTo("n1");
            assertThat(line.path("level").asText()).isEqualTo("INFO");
            assertThat(line.path("logger").asText()).isEqualTo(LogLinesTest.class.getName());
            assertThat(Instant.parse(line.path("time").asText())).isBetween(before.minusMillis(1), Instant.now());
            assertThat(captured.lines().get(1)).doesNotContain("request_id");
        }
        try (CapturedLines captured = new CapturedLines(LogFormat.TEXT, LogLinesTest.class.getName())) {
            call.during(() -> LOG.info("Hello"));
            assertThat(captured.lines().get(0)).endsWith("INFO  LogLinesTest Hello [request r-1 of billing]");
        }
    }

    @Test
    void whatLibrariesLogByTheJdksMeansIsSuchALine() throws Exception {
        try (CapturedLines captured = new CapturedLines(LogFormat.JSON, LogLinesTest.class.getName())) {
            LogRecord record = new LogRecord(Level.SEVERE, "{0} is gone");
            record.setLoggerName(LogLinesTest.class.getName());
            record.setParameters(new Object[] {"n2\nn3"});
            record.setThrown(new IllegalStateException("really"));
            new LibraryLines().publish(record);
            JsonNode line = JSON.readTree(captured.text());
            assertThat(line.path("level").asText()).isEqualTo("ERROR");
            assertThat(line.path("message").asText()).isEqualTo("n2\nn3 is gone");
            assertThat(line.path("stack_trace").asText()).contains("really");
        }
    }
}
