package io.eckermann.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eckermann.bench.machine.Machine;
import io.eckermann.bench.report.HtmlPage.SystemFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final Machine MACHINE = new Machine("A \"fast\" one", 2, "6.1", "17");

    @TempDir
    Path directory;

    private static Row row(String system, int repeat, double rate, double lost) {
        return new Row(
                system,
                "kept, somehow",
                "A",
                repeat,
                Map.of(Metric.RATE, rate, Metric.P50, rate / 1000, Metric.LOST, lost),
                List.of(1L, 2L, 3L),
                1000,
                "");
    }

    @Test
    void medianIsTheMiddleOneAndLossIsTheWorst() {
        List<Row> medians = Medians.of(List.of(row("x", 1, 10, 0), row("x", 2, 30, 4), row("x", 3, 20, 0)));

        assertThat(medians).hasSize(1);
        assertThat(medians.get(0).value(Metric.RATE)).hasValue(20);
        assertThat(medians.get(0).value(Metric.LOST)).hasValue(4);
        assertThat(Medians.median(4, 1, 3, 2)).isEqualTo(2.5);
    }

    @Test
    void csvHasAColumnForEveryHeadingAndQuotesWhatNeedsIt() throws Exception {
        Path file = directory.resolve("new").resolve("rows.csv");
        CsvFile csv = new CsvFile(file, "2026-01-01", MACHINE);
        csv.add(row("x", 1, 1234.5, 0));

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        String[] heads = lines.get(0).split(",", -1);
        String[] cells = lines.get(1).split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
        assertThat(cells).hasSameSizeAs(heads);
        assertThat(lines.get(1))
                .startsWith("2026-01-01,\"A \"\"fast\"\" one\",2,6.1,17,x,\"kept, somehow\",A,1,")
                .contains(",1234.5,")
                .endsWith(",1000,1 2 3,");
    }

    @Test
    void numbersAreKeptWithoutSuperfluousZeros() {
        assertThat(Metric.RATE.csv(100)).isEqualTo("100");
        assertThat(Metric.P50.csv(1.2)).isEqualTo("1.2");
        assertThat(Metric.LOST.csv(0)).isEqualTo("0");
    }

    @Test
    void tableAlignsItsColumns() {
        String table = TextTable.of(List.of(row("x", 0, 12_345, 0), row("longer", 0, 1, 0)))
                .toString();

        List<String> lines = table.lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).contains("12,345").endsWith("kept, somehow");
        assertThat(lines.get(1).indexOf("kept")).isEqualTo(lines.get(2).indexOf("kept"));
    }

    @Test
    void pageStandsAloneAndSaysHowMuchBetterWeAre() {
        Results results = new Results(List.of(
                row("kafka", 1, 90, 0),
                row("kafka", 2, 110, 0),
                row("eckermann", 1, 150, 0),
                row("eckermann", 2, 170, 0)));
        List<SystemFacts> facts = List.of(new SystemFacts("kafka", "4.4", "kept <somehow>"));

        String page =
                new HtmlPage("2026-01-01", MACHINE, "how <b>", facts, List.of("A: much & more"), results).toString();

        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .endsWith("</body></html>\n")
                .contains("<svg", "<polyline", ">1.60 ×<", "90..110", "how &lt;b&gt;", "A &quot;fast&quot; one")
                .contains("kept &lt;somehow&gt;", "4.4", "much &amp; more")
                .doesNotContain("<script", "src=", "href=", "http://", "https://");
    }

    @Test
    void advantageIsAboveOneWhenOursIsBetterWhateverTheDirection() {
        Results results = new Results(List.of(row("kafka", 1, 100, 0), row("eckermann", 1, 50, 0)));
        Glance glance = new Glance(results);

        assertThat(glance.advantage(new Glance.Line("A", Metric.RATE), "kafka")).hasValue(0.5);
        assertThat(glance.advantage(new Glance.Line("A", Metric.P50), "kafka")).hasValue(2);
        assertThat(glance.advantage(new Glance.Line("A", Metric.HEAP), "kafka")).isEmpty();
        assertThat(glance.toString()).contains("0.50 ×");
    }

    @Test
    void goalsAreJudgedWhereThereAreFiguresOnly() {
        List<Row> rows = List.of(
                new Row("eckermann", "", "A-random-1", 1, Map.of(Metric.RATE, 130.0), List.of(), 1000, ""),
                new Row("kafka", "", "A-random-1", 1, Map.of(Metric.RATE, 100.0), List.of(), 1000, ""),
                new Row("kafka-fsync", "", "A-random-1", 1, Map.of(Metric.RATE, 100.0), List.of(), 1000, ""),
                new Row("eckermann", "", "F", 1, Map.of(Metric.LOST, 0.0), List.of(), 1000, ""));

        assertThat(new Goals(new Results(rows)).all())
                .extracting(Goals.Goal::value, Goals.Goal::isMet)
                .containsExactlyInAnyOrder(tuple("1.30 ×", false), tuple("1.30 ×", true), tuple("0", true));
        assertThat(new Goals(new Results(List.of())).toString()).isEmpty();
    }

    @Test
    void curvesHaveALineForEachStep() throws Exception {
        Path file = directory.resolve("curves.csv");

        CurvesFile.write(file, List.of(row("x", 2, 1, 0)));

        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "workload,system,repeat,second,events_per_s", "A,x,2,1.0,1", "A,x,2,2.0,2", "A,x,2,3.0,3");
    }
}
