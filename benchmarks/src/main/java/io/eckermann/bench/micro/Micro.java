package io.eckermann.bench.micro;

import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs these measurements: all, or those whose names match the regular expressions given. */
public final class Micro {
    private static final int WARM_ITERATIONS = 5;
    private static final int ITERATIONS = 5;
    private static final int FORKS = 2;

    private Micro() {}

    /** Runs them and prints JMH's table. */
    public static void main(String[] expressions) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        if (expressions.length == 0) {
            options.include("io\\.eckermann\\.bench\\.micro\\..*");
        }
        for (String expression : expressions) {
            options.include(expression);
        }
        Options chosen = options.forks(FORKS)
                .warmupIterations(WARM_ITERATIONS)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.seconds(2))
                .jvmArgs("-Xms1g", "-Xmx1g")
                .resultFormat(ResultFormatType.CSV)
                .build();
        new Runner(chosen).run();
    }
}
